"""A program that signs in with one of two libraries; it talks as client.mjs does."""

import json
import os
import sys

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
settings = json.loads(sys.stdin.readline())


def ask(url):
    print(url, flush=True)
    return sys.stdin.readline().strip()


def authlib():
    from authlib.integrations.requests_client import OAuth2Session

    session = OAuth2Session(
        settings["client_id"],
        settings["client_secret"],
        scope="read:user",
        redirect_uri=settings["redirect_uri"],
        code_challenge_method="S256",
    )
    verifier = "authlib-test-verifier-with-more-than-43-characters"
    url, state = session.create_authorization_url(settings["authorization_endpoint"], code_verifier=verifier)
    back = ask(url)
    session.redirect_uri = settings["redirect_uri_at_exchange"]
    session.fetch_token(
        settings["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier
    )
    session.get(settings["api_url"] + "/user").raise_for_status()


def requests_oauthlib():
    from requests_oauthlib import OAuth2Session

    session = OAuth2Session(
        settings["client_id"], scope=["read:user"], redirect_uri=settings["redirect_uri"]
    )
    url, _ = session.authorization_url(settings["authorization_endpoint"])
    back = ask(url)
    session.redirect_uri = settings["redirect_uri_at_exchange"]
    session.fetch_token(
        settings["token_endpoint"],
        authorization_response=back,
        client_secret=settings["client_secret"],
        include_client_id=True,
    )
    session.get(settings["api_url"] + "/user").raise_for_status()


try:
    {"authlib": authlib, "requests-oauthlib": requests_oauthlib}[settings["client"]]()
    print("signed in")
except Exception as error:  # noqa: BLE001 whatever the library raises is its answer
    print("failed:", str(error).split("\n")[0])
