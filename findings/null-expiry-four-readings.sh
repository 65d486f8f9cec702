#!/usr/bin/env bash
#
# openid-client 6.9.0, @modelcontextprotocol/sdk 1.32.2, client-oauth2 4.3.3, arctic 3.7.0 (npm):
# one answer with "expires_in": null is refused, over at once, over at once, and incomplete.
#
# One would expect: RFC 6749, section 5.1: `expires_in` is a number of seconds; left out, nothing
#   is said about the life. A server that writes every member of its object says null for that,
#   and a client takes null for absent.
# What happens: openid-client throws the token away ("invalid response encountered", no word
#   about the member); the MCP SDK coerces null to 0; client-oauth2 adds null to the clock and
#   has a token that ends now; arctic says that the member is missing.
# Why it matters: the server works with one library and not with the next, the code is spent in
#   both, and the two that answer "over" start refreshing a token that never ends.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts \
  openid-client@6.9.0 @modelcontextprotocol/sdk@1.32.2 client-oauth2@4.3.3 arctic@3.7.0

cat > try.mjs <<'JS'
import http from 'node:http'
import * as openid from 'openid-client'
import { exchangeAuthorization } from '@modelcontextprotocol/sdk/client/auth.js'
import ClientOAuth2 from 'client-oauth2'
import { OAuth2Client } from 'arctic'

const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"access_token":"abc","token_type":"Bearer","expires_in":null}')
  })
})
await new Promise(ready => server.listen(0, '127.0.0.1', ready))
const issuer = `http://127.0.0.1:${server.address().port}`
const metadata = {
  issuer, token_endpoint: `${issuer}/token`, authorization_endpoint: `${issuer}/authorize`,
  response_types_supported: ['code'],
}
const callback = 'http://127.0.0.1/callback'
const life = seconds => seconds === undefined ? 'no end' : seconds <= 0 ? 'over' : 'goes on'

const clients = {
  'openid-client': async () => {
    const config = new openid.Configuration(metadata, 'app', {}, openid.None())
    openid.allowInsecureRequests(config)
    return life((await openid.authorizationCodeGrant(config, new URL(`${callback}?code=x`))).expires_in)
  },
  '@modelcontextprotocol/sdk': async () => life((await exchangeAuthorization(issuer, {
    metadata, clientInformation: { client_id: 'app' }, authorizationCode: 'x',
    codeVerifier: 'v', redirectUri: callback,
  })).expires_in),
  'client-oauth2': async () => {
    const client = new ClientOAuth2({
      clientId: 'app', accessTokenUri: metadata.token_endpoint,
      authorizationUri: metadata.authorization_endpoint, redirectUri: callback,
    })
    const token = await client.code.getToken(`${callback}?code=x`)
    return token.expired() || token.expires - Date.now() <= 0 ? 'over' : 'goes on'
  },
  arctic: async () => {
    const client = new OAuth2Client('app', null, callback)
    const tokens = await client.validateAuthorizationCode(metadata.token_endpoint, 'x', null)
    return life(tokens.accessTokenExpiresAt())
  },
}
for (const [name, read] of Object.entries(clients)) {
  console.log(`${name}: ${await read().catch(error => `error: ${error.message}`)}`)
}
server.close()
JS

for name in openid-client @modelcontextprotocol/sdk client-oauth2 arctic; do
  echo "$name $(node -p "JSON.parse(fs.readFileSync('node_modules/$name/package.json')).version")"
done
node try.mjs | tee seen.txt
cat > expected.txt <<'TEXT'
openid-client: error: invalid response encountered
@modelcontextprotocol/sdk: over
client-oauth2: over
arctic: error: Missing or invalid 'expires_in' field
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
