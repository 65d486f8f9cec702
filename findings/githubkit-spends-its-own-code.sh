#!/usr/bin/env bash
#
# githubkit 0.16.1 (PyPI): `exchange_token` with the client at hand exchanges the code twice and
# reports the second answer.
#
# One would expect: one call, one request, one token; a code is for one use (RFC 6749, section
#   4.1.2).
# What happens: the client that carries the exchange is itself set up to log in by the same code.
#   So it exchanges the code first to be allowed to send the request, gets a token, and then sends
#   the request that was asked for, with the code that is now spent. The token of the first one
#   is dropped. With a client that holds the app's credentials instead, one request is sent.
# Why it matters: bad_verification_code for a code that is seconds old and was never used by the
#   program, and the exception's first words are "Refresh access token error!", in a flow without
#   a refresh.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check githubkit==0.16.1 hishel==1.4.0

cat > try.py <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

from githubkit import GitHub, OAuthAppAuthStrategy, OAuthWebAuthStrategy

spent = set()


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        code = json.loads(self.rfile.read(int(self.headers["content-length"])))["code"]
        if code in spent:
            answer = {"error": "bad_verification_code"}
        else:
            answer = {"access_token": "abc", "token_type": "bearer", "scope": ""}
        spent.add(code)
        print(f"  server: {code} -> {answer.get('error', 'a token')}")
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
base = f"http://127.0.0.1:{server.server_port}/"
print("githubkit", version("githubkit"))
web = GitHub(OAuthWebAuthStrategy("app", "secret", "code-1"), base_url=base)
app = GitHub(OAuthAppAuthStrategy("app", "secret"), base_url=base)
for name, github, strategy in (
    ("client with the code", web, web.auth),
    ("client with the app's credentials", app, app.auth.as_web_user("code-2")),
):
    print(name)
    try:
        print("  program:", strategy.exchange_token(github).token)
    except Exception as error:
        print(f"  program: {type(error).__name__}: {error.args[0]}")
PY

venv/bin/python try.py | tee seen.txt
cat > expected.txt <<'TEXT'
githubkit 0.16.1
client with the code
  server: code-1 -> a token
  server: code-1 -> bad_verification_code
  program: AuthExpiredError: Refresh access token error! Check your credentials.
client with the app's credentials
  server: code-2 -> a token
  program: abc
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
