#!/usr/bin/env bash
#
# githubkit 0.16.1 (PyPI): the person presses "Cancel", the program goes on waiting.
#
# One would expect: RFC 8628, section 3.5: any error but authorization_pending and slow_down ends
#   the polling. `access_denied` is the person's no, and is final.
# What happens: every answer with an `error` is taken for "not yet": access_denied,
#   incorrect_device_code, unsupported_grant_type. The polling stops when the device code is
#   over (900 seconds at GitHub), with "Device code expired." as the only word.
# Why it matters: the log says "expired" for a refusal, a wrong client ID or a switched-off
#   device flow, a quarter of an hour after the event. The true answer is never printed.
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

from githubkit import GitHub, OAuthDeviceAuthStrategy

polls = []


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        if self.path.endswith("/device/code"):
            answer = {"device_code": "d", "user_code": "AAAA-BBBB", "verification_uri": "x",
                      "expires_in": 4, "interval": 1}
        else:
            answer = {"error": "access_denied", "error_description": "The person said no."}
            polls.append(answer["error"])
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
print("githubkit", version("githubkit"))
strategy = OAuthDeviceAuthStrategy("app", lambda data: None)
github = GitHub(strategy, base_url=f"http://127.0.0.1:{server.server_port}/")
try:
    github.request("GET", "/user")
except Exception as error:
    print(f"{type(error).__name__}: {error}")
print("answers of access_denied taken for 'not yet':", "1" if len(polls) < 2 else "several")
PY

venv/bin/python try.py | tee seen.txt
cat > expected.txt <<'TEXT'
githubkit 0.16.1
RequestError: Device code expired.
answers of access_denied taken for 'not yet': several
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
