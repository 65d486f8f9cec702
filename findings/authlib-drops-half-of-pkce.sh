#!/usr/bin/env bash
#
# Authlib 1.9.10 (PyPI) meets oidc-provider 9.13.3 (npm): PKCE needs two settings in two places, and
# one of them alone is dropped without a word.
#
# One would expect: RFC 7636, sections 4.3 and 4.5: the challenge goes into the first request, the
#   verifier into the second. A client that is given a verifier sends both, and one that is told
#   "S256" makes a verifier or says that it needs one.
# What happens: with `code_challenge_method` alone there is no PKCE at all, and the login succeeds.
#   With `code_verifier` alone the challenge is left out of the first request, but the verifier goes
#   into the second, and the server refuses it, since no challenge was ever sent. The Flask and
#   Django integrations of the same library make the verifier themselves.
# Why it matters: invalid_grant after a login that went well sends one to the code, its age and the
#   redirect URI, or to how the hash is computed. The other half is worse: a review reads "S256" in
#   the configuration, and nothing of it is on the wire.
# Seen: 2026-11-28.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts oidc-provider@9.13.3
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Authlib==1.9.10 requests

cat > server.mjs <<'JS'
import http from 'node:http'
import Provider from 'oidc-provider'

let oidc
const server = http.createServer((request, response) => oidc(request, response))
server.listen(0, '127.0.0.1', () => {
  const base = `http://127.0.0.1:${server.address().port}`
  oidc = new Provider(base, {
    clients: [{ client_id: 'app', client_secret: 'secret', redirect_uris: [`${base}/callback`] }],
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    pkce: { required: () => false },
    ttl: { Grant: 60, AuthorizationCode: 60, AccessToken: 60, IdToken: 60, Interaction: 60, Session: 60 },
  }).callback()
  console.log(base)
})
JS

cat > try.py <<'PY'
import re
import subprocess

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session


def log_in(url):
    """A browser with a person who types a password and agrees to everything."""
    browser = requests.Session()
    page = browser.get(url, timeout=9)
    while form := re.search(r'name="prompt" value="(\w+)"', page.text):
        page = browser.post(page.url, data={"prompt": form[1], "login": "person", "password": "right"}, timeout=9)
    return page.url


server = subprocess.Popen(["node", "server.mjs"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
try:
    base = server.stdout.readline().strip()
    for method, verifier in [("S256", None), (None, "v" * 43), ("S256", "v" * 43)]:
        client = OAuth2Session("app", "secret", scope="openid", redirect_uri=f"{base}/callback", code_challenge_method=method)
        url, _ = client.create_authorization_url(f"{base}/auth", code_verifier=verifier)
        sent = "with" if "code_challenge=" in url else "without"
        extra = {"code_verifier": verifier} if verifier else {}
        try:
            client.fetch_token(f"{base}/token", authorization_response=log_in(url), **extra)
            seen = "a token"
        except AuthlibBaseError as error:
            seen = error
        given = " and ".join(name for name, value in [("code_challenge_method", method), ("code_verifier", verifier)] if value)
        print(f"{given}: sent {sent} a challenge, then {seen}")
finally:
    server.terminate()
PY

echo "Authlib $(venv/bin/python -c 'from importlib.metadata import version; print(version("authlib"))')"
echo "oidc-provider $(node -p "JSON.parse(fs.readFileSync('node_modules/oidc-provider/package.json')).version")"
venv/bin/python try.py | tee seen.txt
cat > expected.txt <<'TEXT'
code_challenge_method: sent without a challenge, then a token
code_verifier: sent without a challenge, then invalid_grant: grant request is invalid
code_challenge_method and code_verifier: sent with a challenge, then a token
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-28"
