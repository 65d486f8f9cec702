#!/usr/bin/env bash
#
# oauthlib 4.0.1 with requests-oauthlib 2.0.0 (PyPI): the exception is the success.
#
# One would expect: RFC 6749, section 3.3: scopes are separated by spaces, and a client is told
#   when it got others than it asked for. GitHub grants exactly what was asked and writes it with
#   commas; that is no other scope.
# What happens: "repo,gist" is taken for one unknown scope, and `fetch_token` raises a `Warning`
#   ("Scope has changed from ... to ..."), which the caller sees as a failed login. The token is
#   in the exception's `token`; the session itself has none. The order of the scopes alone does
#   not do it, and with one scope all is well.
# Why it matters: the login fails although the server said yes, and since the code is spent the
#   second try ends in bad_verification_code: two errors, and neither of them the server's fault.
#   OAUTHLIB_RELAX_TOKEN_SCOPE lets the token through.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check oauthlib==4.0.1 requests-oauthlib==2.0.0

cat > try.py <<'PY'
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
from requests_oauthlib import OAuth2Session

GRANTED = {"/one": "repo", "/spaces": "gist repo", "/commas": "repo,gist"}


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        answer = {"access_token": "abc", "token_type": "bearer", "scope": GRANTED[self.path]}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("oauthlib", version("oauthlib"), "requests-oauthlib", version("requests-oauthlib"))
for path, asked in (("/one", ["repo"]), ("/spaces", ["repo", "gist"]), ("/commas", ["repo", "gist"])):
    session = OAuth2Session("app", scope=asked)
    try:
        session.fetch_token(f"http://127.0.0.1:{server.server_port}{path}", code="code")
        seen = "no exception"
    except Warning as warning:
        asked_for, granted = str(warning).split('"')[1::2]
        asked_for = " ".join(sorted(asked_for.split()))
        seen = f"Scope has changed from {asked_for} to {granted}, token {warning.token['access_token']}"
    print(f"asked {' '.join(asked)}, granted {GRANTED[path]}: {seen}, session authorized: {session.authorized}")
PY

venv/bin/python try.py | tee seen.txt
cat > expected.txt <<'TEXT'
oauthlib 4.0.1 requests-oauthlib 2.0.0
asked repo, granted repo: no exception, session authorized: True
asked repo gist, granted gist repo: no exception, session authorized: True
asked repo gist, granted repo,gist: Scope has changed from gist repo to repo,gist, token abc, session authorized: False
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
