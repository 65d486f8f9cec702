#!/usr/bin/env bash
#
# emulate 0.12.2 (npm), an emulator of GitHub: its token answer follows the RFC, GitHub's does not,
# and so tests pass that fail at GitHub.
#
# One would expect: what passes at the emulator passes at GitHub. GitHub answers the exchange as a
#   form ("access_token=...&scope=repo%2Cgist") unless JSON is asked for, and separates the granted
#   scopes by commas; RFC 6749, sections 5.1 and 3.3, would have JSON and spaces.
# What happens: the emulator follows the RFC in both: JSON without an Accept header, and spaces.
# Why it matters: google-auth-library sends "Accept: */*" and reads JSON, oauthlib compares
#   scopes word by word; both are green at the emulator. At GitHub the first has no token in its
#   hands and the second raises for a good one.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts emulate@0.12.2 google-auth-library@10.9.1

cat > try.mjs <<'JS'
import http from 'node:http'
import { createEmulator } from 'emulate'
import { OAuth2Client } from 'google-auth-library'

const probe = http.createServer()
const port = await new Promise(free => probe.listen(0, '127.0.0.1', () => free(probe.address().port)))
await new Promise(closed => probe.close(closed))

const callback = 'http://127.0.0.1/callback'
const app = { client_id: 'app', client_secret: 'secret', name: 'App', redirect_uris: [callback] }
const emulator = await createEmulator({
  service: 'github', port, seed: { github: { users: [{ login: 'person' }], oauth_apps: [app] } },
})
const code = async () => {
  const answer = await fetch(`${emulator.url}/login/oauth/callback`, {
    method: 'POST', redirect: 'manual',
    body: new URLSearchParams({ login: 'person', client_id: 'app', redirect_uri: callback, scope: 'repo gist', state: 's' }),
  })
  return new URL(answer.headers.get('location')).searchParams.get('code')
}
const emulated = await fetch(`${emulator.url}/login/oauth/access_token`, {
  method: 'POST',
  body: new URLSearchParams({ client_id: 'app', client_secret: 'secret', code: await code() }),
})
console.log(`emulator, no Accept: ${emulated.headers.get('content-type')}, scope "${(await emulated.json()).scope}"`)

// GitHub's way, for comparison: the default format.
const form = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' })
    response.end('access_token=abc&scope=repo%2Cgist&token_type=bearer')
  })
})
await new Promise(ready => form.listen(0, '127.0.0.1', ready))
for (const [name, base, value] of [
  ['emulator', emulator.url, await code()],
  ['form', `http://127.0.0.1:${form.address().port}`, 'code'],
]) {
  const client = new OAuth2Client({
    clientId: 'app', clientSecret: 'secret', redirectUri: callback,
    endpoints: { oauth2TokenUrl: `${base}/login/oauth/access_token` },
  })
  const { tokens } = await client.getToken(value)
  console.log(`google-auth-library, ${name}: ${tokens.access_token ? 'a token' : `no exception, tokens ${JSON.stringify(tokens)}`}`)
}
form.close()
await emulator.close()
JS

echo "emulate $(node -p "JSON.parse(fs.readFileSync('node_modules/emulate/package.json')).version")"
node try.mjs | tee seen.txt
cat > expected.txt <<'TEXT'
emulator, no Accept: application/json; charset=UTF-8, scope "repo gist"
google-auth-library, emulator: a token
google-auth-library, form: no exception, tokens {}
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
