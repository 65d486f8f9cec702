#!/usr/bin/env bash
#
# @octokit/auth-oauth-device 8.0.5 (npm): with two scopes, each call asks the person again.
#
# One would expect: a strategy that has a token hands it out again; so says its documentation,
#   and so it does as long as one scope was asked for.
# What happens: the token is kept only if the granted scopes equal the requested ones. The
#   granted ones are split at white space, as RFC 6749, section 3.3, writes them; GitHub
#   separates them by a comma. ["repo,gist"] is never ["repo", "gist"], so the token that was
#   just issued is put aside and a new device code is requested at each call.
# Why it matters: it works with one scope. With the second one the program shows a new user code
#   before every request, and at GitHub the first tokens drop out after ten of a kind. GitHub
#   also leaves out scopes that another one includes, which ends in the same loop.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @octokit/auth-oauth-device@8.0.5 @octokit/request@10.0.16

cat > try.mjs <<'JS'
import http from 'node:http'
import { request } from '@octokit/request'
import { createOAuthDeviceAuth } from '@octokit/auth-oauth-device'

let asked = ''
let codes = 0
const server = http.createServer(async (incoming, response) => {
  let text = ''
  for await (const chunk of incoming) text += chunk
  const answer = incoming.url.endsWith('/device/code')
    ? { device_code: `d${++codes}`, user_code: 'AAAA-BBBB', verification_uri: 'x', expires_in: 900, interval: 1 }
    : { access_token: `token-${codes}`, token_type: 'bearer', scope: asked }
  if (incoming.url.endsWith('/device/code')) asked = JSON.parse(text).scope.split(' ').join(',')
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer))
})
await new Promise(ready => server.listen(0, '127.0.0.1', ready))

for (const scopes of [['repo'], ['repo', 'gist']]) {
  let shown = 0
  codes = 0
  const auth = createOAuthDeviceAuth({
    clientType: 'oauth-app', clientId: 'app', scopes, onVerification: () => { shown++ },
    request: request.defaults({ baseUrl: `http://127.0.0.1:${server.address().port}` }),
  })
  const tokens = []
  for (let call = 0; call < 3; call++) tokens.push(await auth({ type: 'oauth' }))
  console.log(`asked for ${JSON.stringify(scopes)}, read ${JSON.stringify(tokens[0].scopes)}: `
    + `3 calls, ${shown} user codes, ${new Set(tokens.map(token => token.token)).size} tokens`)
}
server.close()
JS

echo "@octokit/auth-oauth-device $(node -p "JSON.parse(fs.readFileSync('node_modules/@octokit/auth-oauth-device/package.json')).version")"
node try.mjs | tee seen.txt
cat > expected.txt <<'TEXT'
asked for ["repo"], read ["repo"]: 3 calls, 1 user codes, 1 tokens
asked for ["repo","gist"], read ["repo,gist"]: 3 calls, 3 user codes, 3 tokens
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
