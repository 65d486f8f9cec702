#!/usr/bin/env bash
#
# oauthlib 4.0.1 with requests-oauthlib 2.0.0, and Authlib 1.9.10 (PyPI): "error": null beside a
# good token is an error without a name.
#
# One would expect: RFC 6749, section 5.1: a client ignores members that it does not know, and an
#   error that is null is no error. Servers that write one object for both cases send it.
# What happens: both libraries ask whether the member is there, not what it holds. oauthlib then
#   fails inside its own exception: "CustomOAuth2Error.__init__() missing 1 required positional
#   argument: 'error'". Authlib raises "oauth_error: " with nothing behind the colon.
# Why it matters: neither message names the server or the member. The token was issued, the code
#   is spent, and the next try says invalid_grant, which is where people start to look.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check oauthlib==4.0.1 requests-oauthlib==2.0.0 Authlib==1.9.10

cat > try.py <<'PY'
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from requests_oauthlib import OAuth2Session

ANSWERS = [
    {"access_token": "abc", "token_type": "Bearer"},
    {"access_token": "abc", "token_type": "Bearer", "error": None},
]


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps(ANSWERS[int(self.path[-1])]).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
for package in ("oauthlib", "requests-oauthlib", "Authlib"):
    print(package, version(package))
for name, session in (("oauthlib", OAuth2Session("app")), ("Authlib", AuthlibSession("app"))):
    for number, answer in enumerate(ANSWERS):
        url = f"http://127.0.0.1:{server.server_port}/{number}"
        try:
            seen = f"token {session.fetch_token(url, code='code')['access_token']}"
        except Exception as error:
            seen = f"{type(error).__name__}: {error}|"
        print(f"{name}, error {'null' if 'error' in answer else 'absent'}: {seen}")
PY

venv/bin/python try.py | tee seen.txt
cat > expected.txt <<'TEXT'
oauthlib 4.0.1
requests-oauthlib 2.0.0
Authlib 1.9.10
oauthlib, error absent: token abc
oauthlib, error null: TypeError: CustomOAuth2Error.__init__() missing 1 required positional argument: 'error'|
Authlib, error absent: token abc
Authlib, error null: OAuthError: oauth_error: |
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
