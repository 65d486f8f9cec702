#!/usr/bin/env bash
#
# requests_auth 8.0.0 and httpx_auth 0.23.1 (PyPI): a good token is refused with "not enough values
# to unpack (expected 3, got 1)".
#
# One would expect: RFC 6749, section 1.4: an access token is opaque to the client. Section 5.1:
#   `expires_in` is RECOMMENDED; without it the client knows no end and uses the token.
# What happens: without `expires_in` both libraries take the access token for a JWT, split it at the
#   dots into three and look for `exp` in it. One that is no JWT ends in that ValueError, one
#   without `exp` in "Expiry (exp) is not provided in None.". With `expires_in`, or with a JWT that
#   has an `exp`, all is well.
# Why it matters: the exception names neither the token nor the server, and comes out of the API
#   call, since that is where the token is fetched. The server has issued a token each time. The
#   program that works with one provider fails at the next (GitHub sends no `expires_in` for an
#   OAuth app), and one compares scopes and secrets.
# Seen: 2026-11-28.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check requests_auth==8.0.0 httpx_auth==0.23.1

cat > try.py <<'PY'
import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import httpx_auth
import requests
import requests_auth

answer = {}


class Server(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def send(self, body):
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.send({})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send({"token_type": "Bearer", **answer})


def jwt(claims):
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256"}, claims)] + [b"signature"]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
for name, answer in [
    ("opaque, with expires_in", {"access_token": "abc", "expires_in": 3600}),
    ("opaque, without", {"access_token": "abc"}),
    ("JWT with exp, without", {"access_token": jwt({"exp": int(time.time()) + 3600})}),
    ("JWT without exp, without", {"access_token": jwt({"sub": "app"})}),
]:
    for client, library in [(requests, requests_auth), (httpx, httpx_auth)]:
        library.OAuth2.token_cache.clear()
        auth = library.OAuth2ClientCredentials(f"{base}/token", client_id="app", client_secret="secret")
        try:
            seen = f"the API answers {client.get(f'{base}/api', auth=auth).status_code}"
        except Exception as error:
            seen = f"{type(error).__name__}: {error}"
        print(f"{name}, {library.__name__}: {seen}")
PY

for name in requests_auth httpx_auth; do
  echo "$name $(venv/bin/python -c "from importlib.metadata import version; print(version('$name'))")"
done
venv/bin/python try.py | tee seen.txt
cat > expected.txt <<'TEXT'
opaque, with expires_in, requests_auth: the API answers 200
opaque, with expires_in, httpx_auth: the API answers 200
opaque, without, requests_auth: ValueError: not enough values to unpack (expected 3, got 1)
opaque, without, httpx_auth: ValueError: not enough values to unpack (expected 3, got 1)
JWT with exp, without, requests_auth: the API answers 200
JWT with exp, without, httpx_auth: the API answers 200
JWT without exp, without, requests_auth: TokenExpiryNotProvided: Expiry (exp) is not provided in None.
JWT without exp, without, httpx_auth: TokenExpiryNotProvided: Expiry (exp) is not provided in None.
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-28"
