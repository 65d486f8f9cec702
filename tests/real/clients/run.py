"""What every client here shares: its settings, and the way over the person's browser and back."""

import os

BASE, CLIENT_ID, CLIENT_SECRET = (os.environ[name] for name in ("BASE", "CLIENT_ID", "CLIENT_SECRET"))
REDIRECT_URI, SLIP = os.environ["REDIRECT_URI"], os.environ["SLIP"]
# Allowed, but not the one that was sent at first.
OTHER_REDIRECT_URI = f"{REDIRECT_URI}/other"
AUTHORIZE, TOKEN, USER = f"{BASE}/login/oauth/authorize", f"{BASE}/login/oauth/access_token", f"{BASE}/user"


def over_the_browser(url):
    """Shows the authorization URL to the person and waits for the address at which the browser ends."""
    print("open", url, flush=True)
    return input()


def logged_in(login):
    print("login", login, flush=True)
