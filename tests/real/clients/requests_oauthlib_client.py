"""requests-oauthlib, as its documentation shows it for GitHub."""

import os

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
from requests_oauthlib import OAuth2Session
from run import AUTHORIZE, CLIENT_ID, CLIENT_SECRET, OTHER_REDIRECT_URI, REDIRECT_URI, SLIP, TOKEN, USER
from run import logged_in, over_the_browser

session = OAuth2Session(CLIENT_ID, redirect_uri=REDIRECT_URI, scope=["read:user"])
back = over_the_browser(session.authorization_url(AUTHORIZE)[0])
if SLIP == "mismatch":
    session.redirect_uri = OTHER_REDIRECT_URI
if SLIP == "spent":
    session.fetch_token(TOKEN, client_secret=CLIENT_SECRET, authorization_response=back)
session.fetch_token(TOKEN, client_secret=CLIENT_SECRET, authorization_response=back)
logged_in(session.get(USER).json()["login"])
