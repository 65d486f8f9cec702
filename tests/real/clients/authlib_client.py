"""Authlib's session for requests."""

from authlib.integrations.requests_client import OAuth2Session
from run import AUTHORIZE, CLIENT_ID, CLIENT_SECRET, OTHER_REDIRECT_URI, REDIRECT_URI, SLIP, TOKEN, USER
from run import logged_in, over_the_browser

session = OAuth2Session(CLIENT_ID, CLIENT_SECRET, redirect_uri=REDIRECT_URI, scope="read:user")
url, state = session.create_authorization_url(AUTHORIZE)
back = over_the_browser(url)
if SLIP == "mismatch":
    session.redirect_uri = OTHER_REDIRECT_URI
if SLIP == "spent":
    session.fetch_token(TOKEN, authorization_response=back, state=state)
session.fetch_token(TOKEN, authorization_response=back, state=state)
logged_in(session.get(USER).json()["login"])
