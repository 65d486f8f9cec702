#!/usr/bin/env bash
#
# simple-oauth2 5.1.0 (npm): the second refresh fails where the server does not rotate.
#
# One would expect: RFC 6749, section 6: the server MAY issue a new refresh token with the new
#   access token. Where it does not, the old one stays good, and a client goes on using it.
# What happens: `refresh()` builds the new token from the answer alone. The refresh token that
#   was just used is gone from it, so the next `refresh()` is refused by the library itself or
#   sent without a refresh token.
# Why it matters: everything works for one life of an access token, then breaks hours after the
#   deployment, at servers that do not rotate and only there. The server's log shows a request
#   without `refresh_token`, which looks as if the provider had revoked something.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts simple-oauth2@5.1.0

cat > try.cjs <<'JS'
const http = require('node:http')
const { AuthorizationCode } = require('simple-oauth2')

let issued = 0
const server = http.createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const given = new URLSearchParams(body).get('refresh_token')
  console.log(`server got refresh_token=${given}`)
  response.writeHead(given ? 200 : 400, { 'content-type': 'application/json' })
  response.end(JSON.stringify(given
    ? { access_token: `access-${++issued}`, token_type: 'Bearer', expires_in: 3600 }
    : { error: 'invalid_request', error_description: 'refresh_token is missing' }))
})
server.listen(0, '127.0.0.1', async () => {
  const client = new AuthorizationCode({
    client: { id: 'app', secret: 'secret' },
    auth: { tokenHost: `http://127.0.0.1:${server.address().port}`, tokenPath: '/token' },
  })
  let token = client.createToken({ access_token: 'access-0', refresh_token: 'refresh-0' })
  for (const turn of ['first', 'second']) {
    try {
      token = await token.refresh()
      console.log(`${turn} refresh: ${token.token.access_token}, refresh token kept: ${token.token.refresh_token}`)
    } catch (error) {
      console.log(`${turn} refresh: ${error.message}`)
    }
  }
  server.close()
})
JS

echo "simple-oauth2 $(node -p "require('simple-oauth2/package.json').version")"
node try.cjs | tee seen.txt
cat > expected.txt <<'TEXT'
server got refresh_token=refresh-0
first refresh: access-1, refresh token kept: undefined
server got refresh_token=
second refresh: Response Error: 400 Bad Request
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
