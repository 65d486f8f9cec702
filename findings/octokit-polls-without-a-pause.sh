#!/usr/bin/env bash
#
# @octokit/auth-oauth-device 8.0.5 (npm): a device answer without `interval` is polled as fast as
# the network carries it, and `slow_down` slows one poll only.
#
# One would expect: RFC 8628, section 3.2: without `interval` a client waits 5 seconds.
#   Section 3.5: `slow_down` makes the interval 5 seconds longer "for this and all subsequent
#   requests"; GitHub sends the new one along.
# What happens: the pause is computed from a member that is not there, and a timer of NaN fires
#   at once. After `slow_down` the client waits `interval + 7` once, then goes back to the first
#   interval, and is told to slow down again.
# Why it matters: `interval` is optional, and servers leave it out. There a program that waits
#   for a person sends hundreds of requests a second, and what its user sees is a 429 or a ban,
#   not the cause.
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

let first, answers, times
const token = { access_token: 'abc', token_type: 'bearer', scope: '' }
const server = http.createServer((incoming, response) => {
  incoming.resume().on('end', () => {
    let answer = { device_code: 'd', user_code: 'AAAA-BBBB', verification_uri: 'x', expires_in: 900, ...first }
    if (incoming.url.endsWith('/access_token')) {
      times.push(Date.now())
      answer = answers.length ? { error: answers.shift() } : token
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer))
  })
})
await new Promise(ready => server.listen(0, '127.0.0.1', ready))
const poll = async (device, errors) => {
  first = device
  answers = errors
  times = []
  await createOAuthDeviceAuth({
    clientType: 'oauth-app', clientId: 'app', onVerification() {},
    request: request.defaults({ baseUrl: `http://127.0.0.1:${server.address().port}` }),
  })({ type: 'oauth' })
  return times.slice(1).map((time, index) => Math.floor((time - times[index]) / 1000))
}

console.log('no interval, 20 times pending, whole seconds between polls:',
  (await poll({}, Array(20).fill('authorization_pending'))).join(' '))
console.log('interval 1, slow_down then pending twice, whole seconds between polls:',
  (await poll({ interval: 1 }, ['slow_down', 'authorization_pending', 'authorization_pending'])).join(' '))
server.close()
JS

echo "@octokit/auth-oauth-device $(node -p "JSON.parse(fs.readFileSync('node_modules/@octokit/auth-oauth-device/package.json')).version")"
node try.mjs | tee seen.txt
cat > expected.txt <<'TEXT'
no interval, 20 times pending, whole seconds between polls: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
interval 1, slow_down then pending twice, whole seconds between polls: 8 1 1
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
