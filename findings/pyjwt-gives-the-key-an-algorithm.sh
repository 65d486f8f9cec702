#!/usr/bin/env bash
#
# PyJWT 2.15.1 (PyPI) meets oidc-provider 9.13.3 (npm): the token "does not match the key's
# algorithm", and the key has none.
#
# One would expect: RFC 7517, section 4.4: `alg` in a key is optional; RFC 7518, section 3: one RSA
#   key serves RS256 and PS256. A client that allows PS256 checks the ID token with the key of that ID.
# What happens: oidc-provider publishes its RSA key without `alg`, since it signs with several.
#   PyJWKClient then decides on RS256 by itself, and whatever `algorithms` allows, a PS256 token is
#   refused. With the bare key inside (`signing_key.key`) the same call accepts the same token.
#   An OKP key becomes EdDSA in the same way, so a token whose header says Ed25519 (RFC 9864) is
#   refused as well.
# Why it matters: one is sent to the key set, which is right, or to `algorithms`, which is right too.
#   With the default RS256 all is well; it breaks when the server moves to PS256, in Python only.
# Seen: 2026-11-28.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts oidc-provider@9.13.3 jose@6.2.18
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyJWT==2.15.1 cryptography

cat > try.mjs <<'JS'
import { spawn } from 'node:child_process'
import http from 'node:http'
import * as jose from 'jose'
import Provider from 'oidc-provider'

const redirectUri = 'http://127.0.0.1/callback'
let oidc
const server = http.createServer((request, response) => oidc(request, response))
await new Promise(ready => server.listen(0, '127.0.0.1', ready))
const base = `http://127.0.0.1:${server.address().port}`

const keys = []
for (const alg of ['RS256', 'Ed25519']) {
  keys.push(await jose.exportJWK((await jose.generateKeyPair(alg, { extractable: true })).privateKey))
}
const algorithms = ['RS256', 'PS256', 'Ed25519']
const provider = new Provider(base, {
  clients: algorithms.map(alg => ({
    client_id: alg, client_secret: 'secret', redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'client_secret_post', id_token_signed_response_alg: alg,
  })),
  jwks: { keys },
  enabledJWA: { idTokenSigningAlgValues: algorithms },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  pkce: { required: () => false },
  ttl: { Grant: 60, AuthorizationCode: 60, AccessToken: 60, IdToken: 60 },
})
oidc = provider.callback()

async function idToken(clientId) {
  const grant = new provider.Grant({ accountId: 'person', clientId })
  grant.addOIDCScope('openid')
  const code = await new provider.AuthorizationCode({
    accountId: 'person', client: await provider.Client.find(clientId), grantId: await grant.save(), scope: 'openid', redirectUri,
  }).save()
  const answer = await fetch(`${base}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: clientId, client_secret: 'secret' }),
  })
  return (await answer.json()).id_token
}

const published = (await (await fetch(`${base}/jwks`)).json()).keys
console.log(`published keys: ${published.map(key => `${key.kty} with alg ${key.alg ?? 'left out'}`).join(', ')}`)
const keySet = jose.createRemoteJWKSet(new URL(`${base}/jwks`))
for (const alg of algorithms) {
  const token = await idToken(alg)
  const seen = await jose.jwtVerify(token, keySet, { audience: alg, algorithms }).then(() => 'accepted', error => error.message)
  console.log(`${alg}, jose: ${seen}`)
  const python = spawn('venv/bin/python', ['check.py', `${base}/jwks`, token, alg, ...algorithms], { stdio: 'inherit' })
  await new Promise(done => python.on('exit', done))
}
server.close()
server.closeAllConnections()
JS

cat > check.py <<'PY'
import sys

import jwt

url, token, audience, *algorithms = sys.argv[1:]
signing_key = jwt.PyJWKClient(url).get_signing_key_from_jwt(token)
for name, key in [("the signing key", signing_key), ("its bare key", signing_key.key)]:
    try:
        jwt.decode(token, key, algorithms=algorithms, audience=audience)
        seen = "accepted"
    except jwt.PyJWTError as error:
        seen = f"{type(error).__name__}: {error}"
    print(f"{audience}, PyJWT with {name}: {seen}")
PY

echo "PyJWT $(venv/bin/python -c 'from importlib.metadata import version; print(version("PyJWT"))')"
for name in oidc-provider jose; do
  echo "$name $(node -p "JSON.parse(fs.readFileSync('node_modules/$name/package.json')).version")"
done
node try.mjs 2> warnings.txt | tee seen.txt
cat > expected.txt <<'TEXT'
published keys: RSA with alg left out, OKP with alg left out
RS256, jose: accepted
RS256, PyJWT with the signing key: accepted
RS256, PyJWT with its bare key: accepted
PS256, jose: accepted
PS256, PyJWT with the signing key: InvalidAlgorithmError: Token algorithm 'PS256' does not match the key's algorithm 'RS256'
PS256, PyJWT with its bare key: accepted
Ed25519, jose: accepted
Ed25519, PyJWT with the signing key: InvalidAlgorithmError: Token algorithm 'Ed25519' does not match the key's algorithm 'EdDSA'
Ed25519, PyJWT with its bare key: InvalidAlgorithmError: Algorithm not supported
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-28"
