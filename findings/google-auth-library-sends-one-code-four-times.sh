#!/usr/bin/env bash
#
# google-auth-library 10.9.1 (npm): a code that can be used once is sent again by itself.
#
# One would expect: RFC 6749, sections 4.1.2 and 10.5: a code is for one use, so a client does
#   not repeat the exchange on its own account; after a 503 it tells its caller.
# What happens: the POST with the code is repeated up to three times on 429 and 5xx, without a
#   word in the log. A server (or the proxy before it) that gave up after the code was already
#   spent answers the repetition with invalid_grant, and that is all the application learns.
# Why it matters: the log says "the code is wrong", the cause was a short 503. Only the server's
#   log shows two requests with one code, which reads like a replayed code.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts google-auth-library@10.9.1

cat > try.cjs <<'JS'
const http = require('node:http')
const { OAuth2Client } = require('google-auth-library')

let answers
const server = http.createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const [status, error] = answers.length > 1 ? answers.shift() : answers[0]
  console.log(`  server: ${new URLSearchParams(body).get('code')} -> ${status} ${error}`)
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error }))
})
server.listen(0, '127.0.0.1', async () => {
  const client = new OAuth2Client({
    clientId: 'app', clientSecret: 'secret', redirectUri: 'http://127.0.0.1/callback',
    endpoints: { oauth2TokenUrl: `http://127.0.0.1:${server.address().port}/token` },
  })
  for (answers of [
    [[503, 'temporarily_unavailable'], [400, 'invalid_grant']],
    [[429, 'slow_down']],
    [[400, 'invalid_grant']],
  ]) {
    await client.getToken('the-code').catch(error => console.log(`application: ${error.message}`))
  }
  server.close()
})
JS

echo "google-auth-library $(node -p "require('google-auth-library/package.json').version")"
node try.cjs | tee seen.txt
cat > expected.txt <<'TEXT'
  server: the-code -> 503 temporarily_unavailable
  server: the-code -> 400 invalid_grant
application: invalid_grant
  server: the-code -> 429 slow_down
  server: the-code -> 429 slow_down
  server: the-code -> 429 slow_down
  server: the-code -> 429 slow_down
application: slow_down
  server: the-code -> 400 invalid_grant
application: invalid_grant
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
