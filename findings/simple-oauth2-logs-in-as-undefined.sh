#!/usr/bin/env bash
#
# simple-oauth2 5.1.0 (npm): GitHub's refusal is a token that has not expired, and the error
# comes from the API.
#
# One would expect: RFC 6749, section 5.1: an answer without `access_token` is no success, so
#   `getToken` fails.
# What happens: only the status is looked at, and GitHub refuses with 200. The object with the
#   error in it is handed out as a token, `expired()` says false, and the first API request
#   carries "Bearer undefined".
# Why it matters: the log shows "401 Bad credentials" at the API, one step behind the true place,
#   and people renew tokens and scopes. The reason is in `token.token.error`.
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

const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(request.url === '/token'
      ? { error: 'redirect_uri_mismatch', error_description: 'Another one was registered.' }
      : { authorization: request.headers.authorization }))
  })
})
server.listen(0, '127.0.0.1', async () => {
  const base = `http://127.0.0.1:${server.address().port}`
  const client = new AuthorizationCode({
    client: { id: 'app', secret: 'secret' }, auth: { tokenHost: base, tokenPath: '/token' },
  })
  const token = await client.getToken({ code: 'code', redirect_uri: `${base}/callback` })
  console.log(`getToken: no exception; expired: ${token.expired()}; error inside: ${token.token.error}`)
  const headers = { authorization: `Bearer ${token.token.access_token}` }
  const seen = await (await fetch(`${base}/user`, { headers })).json()
  console.log(`API request: ${seen.authorization}`)
  server.close()
})
JS

echo "simple-oauth2 $(node -p "require('simple-oauth2/package.json').version")"
node try.cjs | tee seen.txt
cat > expected.txt <<'TEXT'
getToken: no exception; expired: false; error inside: redirect_uri_mismatch
API request: Bearer undefined
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
