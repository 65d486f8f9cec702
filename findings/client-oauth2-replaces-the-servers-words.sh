#!/usr/bin/env bash
#
# client-oauth2 4.3.3 (npm): the sentence in the exception is not the server's.
#
# One would expect: RFC 6749, section 5.2, gives the server `error_description` to tell the
#   developer what went wrong, so a client shows it.
# What happens: for a code that RFC 6749 defines, the library throws the server's description
#   away and puts a sentence of its own, taken from the RFC, in its place. For a code that the
#   RFC does not define, it shows the description and keeps quiet about the code.
# Why it matters: a log with "does not match the redirection URI" in it looks like the server's
#   verdict about the redirect URI. The server may have said "the code is 11 minutes old".
#   The true answer is in `error.body`.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts client-oauth2@4.3.3

cat > try.cjs <<'JS'
const http = require('node:http')
const ClientOAuth2 = require('client-oauth2')

const answers = [
  { error: 'invalid_grant', error_description: 'The code is 11 minutes old.' },
  { error: 'bad_verification_code', error_description: 'The code is 11 minutes old.' },
]
const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answers.shift()))
  })
})
server.listen(0, '127.0.0.1', async () => {
  const base = `http://127.0.0.1:${server.address().port}`
  const client = new ClientOAuth2({
    clientId: 'app', clientSecret: 'secret', redirectUri: `${base}/callback`,
    accessTokenUri: `${base}/token`, authorizationUri: `${base}/authorize`,
  })
  while (answers.length) {
    const sent = answers[0]
    await client.code.getToken(`${base}/callback?code=abc`).catch(error => {
      const has = words => error.message.includes(words) ? 'yes' : 'no'
      console.log(`${sent.error}: the server's sentence in the log: ${has(sent.error_description)}`
        + `, a word about the redirect URI: ${has('redirection URI')}`)
    })
  }
  server.close()
})
JS

echo "client-oauth2 $(node -p "require('client-oauth2/package.json').version")"
node try.cjs | tee seen.txt
cat > expected.txt <<'TEXT'
invalid_grant: the server's sentence in the log: no, a word about the redirect URI: yes
bad_verification_code: the server's sentence in the log: yes, a word about the redirect URI: no
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
