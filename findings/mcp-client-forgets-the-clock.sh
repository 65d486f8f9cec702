#!/usr/bin/env bash
#
# mcp 2.3.0 (PyPI), the MCP SDK for Python: after a restart the stored refresh token is not used, and
# the person has to log in again.
#
# One would expect: RFC 6749, section 1.5: a refresh token is for an access token that is over. Both
#   are in the storage that the program hands to the SDK, so a restart changes nothing.
# What happens: the end of the access token is kept in memory only. With what comes out of the
#   storage the SDK takes the access token for good without end, sends it, and at the 401 starts the
#   whole login. It never refreshes after a 401; it refreshes only before one, by the clock that the
#   restart has cleared.
# Why it matters: a program that runs for days refreshes as it should. A command-line tool, or a
#   service after each deployment, opens the browser, or hangs where there is none. People look for
#   a revoked or lost refresh token, and the server's log shows that none was ever sent.
# Seen: 2026-11-28.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mcp==2.3.0

cat > try.py <<'PY'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.shared.auth import OAuthClientMetadata

CALLBACK = "http://127.0.0.1/callback"
issued, seen = [], []


class Server(BaseHTTPRequestHandler):
    """The MCP server and its authorization server. A token lives for one second."""

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/.well-known/oauth-protected-resource/mcp":
            self.answer(200, {"resource": f"{base}/mcp", "authorization_servers": [base]})
        elif self.path == "/.well-known/oauth-authorization-server":
            self.answer(200, {
                "issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                "registration_endpoint": f"{base}/register", "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"], "grant_types_supported": ["authorization_code", "refresh_token"],
            })
        else:
            self.answer(404, {})

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/register":
            self.answer(201, {"client_id": "app", **json.loads(text)})
        elif self.path == "/token":
            seen.append(parse_qs(text)["grant_type"][0])
            issued.append(f"token{len(issued) + 1}")
            over.clear()
            self.answer(200, {"access_token": issued[-1], "token_type": "Bearer", "expires_in": 1, "refresh_token": "r"})
        else:
            good = issued and not over and self.headers.get("Authorization") == f"Bearer {issued[-1]}"
            seen.append("200" if good else "401")
            self.answer(200 if good else 401, {})


class Storage:
    """What a program writes into a file."""

    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


async def log_in(url):
    seen.append("browser")
    state.append(parse_qs(urlsplit(url).query)["state"][0])


async def came_back():
    return AuthorizationCodeResult(code="code", state=state[-1])


def start():
    """A program that starts: all it has from before is the storage."""
    metadata = OAuthClientMetadata(redirect_uris=[CALLBACK], grant_types=["authorization_code", "refresh_token"], token_endpoint_auth_method="none")
    return OAuthClientProvider(f"{base}/mcp", metadata, storage, log_in, came_back)


async def call(name, program):
    async with httpx2.AsyncClient(auth=program) as client:
        await client.post(f"{base}/mcp", json={})
    print(f"{name}: {', '.join(seen)}")
    seen.clear()


async def main():
    program = start()
    await call("first call", program)
    for name, again in [("token over, same process", lambda: program), ("token over, restarted", start)]:
        await asyncio.sleep(1.1)
        over.append(True)
        await call(name, again())


state, over, storage = [], [], Storage()
server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
base = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
asyncio.run(main())
PY

echo "mcp $(venv/bin/python -c 'from importlib.metadata import version; print(version("mcp"))')"
venv/bin/python try.py | tee seen.txt
cat > expected.txt <<'TEXT'
first call: 401, browser, authorization_code, 200
token over, same process: refresh_token, 200
token over, restarted: 401, browser, authorization_code, 200
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-28"
