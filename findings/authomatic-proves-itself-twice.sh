#!/usr/bin/env bash
#
# authomatic 1.3.0 (PyPI) meets oidc-provider 9.13.3 (npm): the secret is right, and sent once
# too often.
#
# One would expect: RFC 6749, section 2.3: a client MUST NOT use more than one way of
#   authentication in a request.
# What happens: authomatic puts ID and secret into the Basic header and into the body of every
#   exchange. Most providers look at one of the two and never notice. oidc-provider follows the
#   RFC and refuses. The application sees a failed login with a sentence about the access token.
# Why it matters: `invalid_request` speaks of the request, so one reads the parameters, and all of
#   them are right. The client has no option to send only one.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts oidc-provider@9.13.3
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Authomatic==1.3.0

cat > server.mjs <<'JS'
import http from 'node:http'
import Provider from 'oidc-provider'

const redirectUri = 'http://127.0.0.1/callback'
const provider = new Provider('http://127.0.0.1', {
  clients: [{ client_id: 'app', client_secret: 'secret', redirect_uris: [redirectUri], token_endpoint_auth_method: process.argv[2] }],
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  pkce: { required: () => false },
  ttl: { Grant: 60, AuthorizationCode: 60, AccessToken: 60, IdToken: 60 },
})
const grant = new provider.Grant({ accountId: 'person', clientId: 'app' })
grant.addOIDCScope('openid')
const code = await new provider.AuthorizationCode({
  accountId: 'person', client: await provider.Client.find('app'), grantId: await grant.save(),
  scope: 'openid', redirectUri,
}).save()
const server = http.createServer(provider.callback())
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port, code })))
JS

cat > try.py <<'PY'
import json
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

from authomatic import Authomatic
from authomatic.adapters import BaseAdapter
from authomatic.providers.oauth2 import OAuth2


class Adapter(BaseAdapter):
    url, params, cookies = "http://127.0.0.1/callback", {}, {}

    def __init__(self):
        self.headers = {}

    def write(self, value):
        pass

    def set_header(self, key, value):
        self.headers[key] = value

    def set_status(self, status):
        pass


server = subprocess.Popen(["node", "server.mjs", sys.argv[1]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
started = json.loads(server.stdout.readline())
base = f"http://127.0.0.1:{started['port']}"


class Own(OAuth2):
    user_authorization_url = f"{base}/auth"
    access_token_url = f"{base}/token"
    user_info_url = f"{base}/me"


PROVIDER_ID_MAP = [Own]

authomatic = Authomatic({"own": {"class_": Own, "consumer_key": "app", "consumer_secret": "secret", "scope": ["openid"]}}, "sign")
first = Adapter()
authomatic.login(first, "own")
second = Adapter()
second.cookies = dict([first.headers["Set-Cookie"].split(";")[0].split("=", 1)])
state = parse_qs(urlsplit(first.headers["Location"]).query)["state"][0]
second.params = {"code": started["code"], "state": state}
result = authomatic.login(second, "own")
print(f"registered as {sys.argv[1]}: {result.error.message.partition('message: ')[2]}")
server.terminate()
PY

echo "authomatic $(venv/bin/python -c 'from importlib.metadata import version; print(version("authomatic"))')"
echo "oidc-provider $(node -p "JSON.parse(fs.readFileSync('node_modules/oidc-provider/package.json')).version")"
for method in client_secret_post client_secret_basic; do
  venv/bin/python try.py "$method" 2> log.txt
done | tee seen.txt
cat > expected.txt <<'TEXT'
registered as client_secret_post: {"error":"invalid_request","error_description":"client authentication must only be provided using one mechanism"}.
registered as client_secret_basic: {"error":"invalid_request","error_description":"client authentication must only be provided using one mechanism"}.
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
