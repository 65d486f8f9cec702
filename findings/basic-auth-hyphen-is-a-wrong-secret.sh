#!/usr/bin/env bash
#
# openid-client 6.9.0 meets @node-oauth/oauth2-server 5.3.0 (npm): a hyphen in the client ID is
# enough for "client is invalid".
#
# One would expect: RFC 6749, section 2.3.1: ID and secret are form-urlencoded before they go
#   into the Basic header, and the server decodes them. In that encoding a hyphen stays a hyphen.
# What happens: the client also encodes - _ . and their kind, which is allowed and harmless where
#   the other side decodes. The server compares the encoded text as it came. The right secret is
#   refused by Basic and accepted in the body; with neither hyphen nor dot both work.
# Why it matters: "invalid_client" for credentials that are right to the last character, and the
#   usual advice (take a secret without + / = :) does not help: UUIDs have hyphens too.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts openid-client@6.9.0 @node-oauth/oauth2-server@5.3.0

cat > try.mjs <<'JS'
import http from 'node:http'
import * as openid from 'openid-client'
import OAuth2Server from '@node-oauth/oauth2-server'

const secrets = { 'my-app': 'secret', myapp: 'secret' }
const oauth = new OAuth2Server({
  model: {
    getClient: async (id, secret) => secrets[id] === secret && { id, grants: ['client_credentials'] },
    getUserFromClient: async () => ({}),
    saveToken: async (token, client, user) => ({ ...token, client, user }),
  },
})
const server = http.createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const basic = /^Basic (.*)/.exec(request.headers.authorization ?? '')
  console.log(`  on the wire: ${basic ? atob(basic[1]) : text}`)
  const answer = new OAuth2Server.Response({})
  await oauth.token(new OAuth2Server.Request({
    method: request.method, headers: request.headers, query: {},
    body: Object.fromEntries(new URLSearchParams(text)),
  }), answer).catch(() => {})
  response.writeHead(answer.status, { ...answer.headers, 'content-type': 'application/json' })
  response.end(JSON.stringify(answer.body))
})
await new Promise(ready => server.listen(0, '127.0.0.1', ready))
const issuer = `http://127.0.0.1:${server.address().port}`

for (const [id, method] of [['my-app', 'Basic'], ['my-app', 'Post'], ['myapp', 'Basic']]) {
  const authentication = openid[`ClientSecret${method}`]('secret')
  const config = new openid.Configuration({ issuer, token_endpoint: `${issuer}/token` }, id, {}, authentication)
  openid.allowInsecureRequests(config)
  const seen = await openid.clientCredentialsGrant(config).then(() => 'token', error => `${error.status}`)
  console.log(`${id} by client_secret_${method.toLowerCase()}: ${seen}`)
}
server.close()
JS

for name in openid-client @node-oauth/oauth2-server; do
  echo "$name $(node -p "JSON.parse(fs.readFileSync('node_modules/$name/package.json')).version")"
done
node try.mjs | tee seen.txt
cat > expected.txt <<'TEXT'
  on the wire: my%2Dapp:secret
my-app by client_secret_basic: 401
  on the wire: grant_type=client_credentials&client_id=my-app&client_secret=secret
my-app by client_secret_post: token
  on the wire: myapp:secret
myapp by client_secret_basic: token
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
