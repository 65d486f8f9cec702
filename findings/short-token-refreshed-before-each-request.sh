#!/usr/bin/env bash
#
# Authlib 1.9.10, google-auth 2.63.0, requests-oauthlib 2.0.0 (PyPI), google-auth-library 10.9.1
# (npm): a token that lives for a minute, or for five, is refreshed before every single request.
#
# One would expect: RFC 6749, section 5.1: the token is good for `expires_in` seconds from the
#   answer on. A client keeps some seconds in hand, and of 60 or 300 seconds most remain.
# What happens: the reserve is a fixed number, however short the life: 60 seconds in Authlib, 225 in
#   google-auth, 300 in google-auth-library. Where the life is not longer than the reserve, the new
#   token is as stale as the old one, so each request is preceded by a refresh whose token is used
#   once. requests-oauthlib has no reserve.
# Why it matters: nothing fails, so nobody looks. The API gets twice as slow, the token endpoint
#   answers 429, and two requests at once spend one rotating refresh token twice. Who shortens the
#   life at the server to try out the refresh meets it first, and sees a client that "refreshes
#   correctly".
# Seen: 2026-11-28.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts google-auth-library@10.9.1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
  Authlib==1.9.10 google-auth==2.63.0 requests-oauthlib==2.0.0 requests

cat > node_client.mjs <<'JS'
import { OAuth2Client } from 'google-auth-library'

const base = process.argv[2]
const client = new OAuth2Client({
  clientId: 'app', clientSecret: 'secret', redirectUri: 'http://127.0.0.1/callback',
  endpoints: { oauth2TokenUrl: `${base}/token` },
})
client.setCredentials((await client.getToken('code')).tokens)
for (let turn = 0; turn < 3; turn++) await client.request({ url: `${base}/api` })
JS

cat > try.py <<'PY'
import datetime
import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import google.auth.transport.requests
import google.oauth2.credentials
import requests
from authlib.integrations.requests_client import OAuth2Session
from requests_oauthlib import OAuth2Session as RequestsOAuthlibSession

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # oauthlib wants TLS on loopback too
seen = []
life = 0


class Server(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self):
        data = json.dumps({"access_token": "abc", "token_type": "Bearer", "expires_in": life, "refresh_token": "r"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        seen.append("api")
        self.answer()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        seen.append(parse_qs(body)["grant_type"][0])
        self.answer()


def authlib():
    client = OAuth2Session("app", "secret", token_endpoint=token_url)
    client.fetch_token(token_url, code="code", grant_type="authorization_code")
    return client.get


def google_auth():
    token = requests.post(token_url, data={"grant_type": "authorization_code"}, timeout=9).json()
    end = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(seconds=token["expires_in"])
    credentials = google.oauth2.credentials.Credentials(
        token["access_token"], refresh_token=token["refresh_token"], token_uri=token_url,
        client_id="app", client_secret="secret", expiry=end,
    )
    return google.auth.transport.requests.AuthorizedSession(credentials).get


def requests_oauthlib():
    client = RequestsOAuthlibSession("app", auto_refresh_url=token_url, token_updater=lambda _: None)
    client.fetch_token(token_url, code="code", client_secret="secret")
    return client.get


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
token_url = f"{base}/token"
for life in (60, 120, 300, 600):
    for library in ("authlib", "google_auth", "google-auth-library", "requests_oauthlib"):
        seen.clear()
        if library == "google-auth-library":
            subprocess.run(["node", "node_client.mjs", base], check=True)
        else:
            get = globals()[library]()
            for _ in range(3):
                get(f"{base}/api")
        print(f"{life} s, {library}: {seen.count('refresh_token')} refreshes for {seen.count('api')} requests")
PY

for name in Authlib google-auth requests-oauthlib; do
  echo "$name $(venv/bin/python -c "from importlib.metadata import version; print(version('$name'))")"
done
echo "google-auth-library $(node -p "JSON.parse(fs.readFileSync('node_modules/google-auth-library/package.json')).version")"
venv/bin/python try.py | tee seen.txt
cat > expected.txt <<'TEXT'
60 s, authlib: 3 refreshes for 3 requests
60 s, google_auth: 3 refreshes for 3 requests
60 s, google-auth-library: 3 refreshes for 3 requests
60 s, requests_oauthlib: 0 refreshes for 3 requests
120 s, authlib: 0 refreshes for 3 requests
120 s, google_auth: 3 refreshes for 3 requests
120 s, google-auth-library: 3 refreshes for 3 requests
120 s, requests_oauthlib: 0 refreshes for 3 requests
300 s, authlib: 0 refreshes for 3 requests
300 s, google_auth: 0 refreshes for 3 requests
300 s, google-auth-library: 3 refreshes for 3 requests
300 s, requests_oauthlib: 0 refreshes for 3 requests
600 s, authlib: 0 refreshes for 3 requests
600 s, google_auth: 0 refreshes for 3 requests
600 s, google-auth-library: 0 refreshes for 3 requests
600 s, requests_oauthlib: 0 refreshes for 3 requests
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-28"
