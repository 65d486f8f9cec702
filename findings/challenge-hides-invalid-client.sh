#!/usr/bin/env bash
#
# openid-client 6.9.0 meets @node-oauth/oauth2-server 5.3.0 (npm): the more correct the refusal,
# the less the client tells.
#
# One would expect: RFC 6749, section 5.2: a wrong secret is `invalid_client`, and where the
#   client used Basic the answer MUST be a 401 with WWW-Authenticate. The error and its
#   description are in the body either way, and a client reports them.
# What happens: as soon as that header is there, openid-client stops reading. `error.error` and
#   `error.error_description` are undefined, the message speaks of "a challenge". By
#   client_secret_post the same server leaves the header out, and the same wrong secret is
#   reported in full.
# Why it matters: "server responded with a challenge" sounds like a token that was refused by an
#   API. The true answer is `await error.response.clone().text()`, which no log prints.
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

const oauth = new OAuth2Server({
  model: {
    getClient: async (id, secret) => secret === 'right' && { id, grants: ['client_credentials'] },
    getUserFromClient: async () => ({}),
    saveToken: async (token, client, user) => ({ ...token, client, user }),
  },
})
const server = http.createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const answer = new OAuth2Server.Response({})
  await oauth.token(new OAuth2Server.Request({
    method: request.method, headers: request.headers, query: {},
    body: Object.fromEntries(new URLSearchParams(text)),
  }), answer).catch(() => {})
  console.log(`server: ${answer.status} ${answer.body.error}, WWW-Authenticate: ${answer.headers['www-authenticate'] ?? 'none'}`)
  response.writeHead(answer.status, { ...answer.headers, 'content-type': 'application/json' })
  response.end(JSON.stringify(answer.body))
})
await new Promise(ready => server.listen(0, '127.0.0.1', ready))
const issuer = `http://127.0.0.1:${server.address().port}`

for (const method of ['Basic', 'Post']) {
  const config = new openid.Configuration({ issuer, token_endpoint: `${issuer}/token` }, 'app', {}, openid[`ClientSecret${method}`]('wrong'))
  openid.allowInsecureRequests(config)
  await openid.clientCredentialsGrant(config).catch(error => {
    console.log(`client: ${error.name}, error=${error.error}, message: ${error.message}`)
  })
}
server.close()
JS

for name in openid-client @node-oauth/oauth2-server; do
  echo "$name $(node -p "JSON.parse(fs.readFileSync('node_modules/$name/package.json')).version")"
done
node try.mjs | tee seen.txt
cat > expected.txt <<'TEXT'
server: 401 invalid_client, WWW-Authenticate: Basic realm="Service"
client: WWWAuthenticateChallengeError, error=undefined, message: server responded with a challenge in the WWW-Authenticate HTTP Header
server: 400 invalid_client, WWW-Authenticate: none
client: ResponseBodyError, error=invalid_client, message: server responded with an error in the response body
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
