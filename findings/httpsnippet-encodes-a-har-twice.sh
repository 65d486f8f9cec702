#!/usr/bin/env bash
#
# httpsnippet 3.0.10 (npm): of one HAR entry, the curl snippet works and the JavaScript snippet
# does not; of another browser's entry it is the other way round.
#
# One would expect: the snippets of one entry send the same form, byte for byte, to the token
#   endpoint (RFC 6749, section 4.1.3: form-urlencoded).
# What happens: HAR 1.2 leaves open whether the values in `postData.params` are still encoded.
#   Chromium writes them encoded, Firefox decoded. The curl target pastes them as they are, the
#   wget and fetch targets encode them (once more), and `postData.text`, which is right in both
#   files, is not used when `params` is there.
# Why it matters: a token request taken out of a HAR to try it again sends another redirect_uri
#   or code than the recorded one. The refusal (redirect_uri_mismatch, bad_verification_code) is
#   then the snippet's and not the application's.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts httpsnippet@3.0.10

cat > try.cjs <<'JS'
const { execFile } = require('node:child_process')
const http = require('node:http')
const { HTTPSnippet } = require('httpsnippet')

const code = 'a+b/c'
const type = 'application/x-www-form-urlencoded'
let received
const server = http.createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  received = new URLSearchParams(text).get('code')
  response.end('{}')
})
const run = (target, snippet) => new Promise(done => target[0] === 'shell'
  ? execFile('bash', ['-c', snippet.replace('curl', 'curl --silent')], done)
  : new Function(`return (async () => { ${snippet.replace('console.log(data)', '')} })()`)().then(done))

server.listen(0, '127.0.0.1', async () => {
  for (const [writer, value] of [['Chromium', encodeURIComponent(code)], ['Firefox', code]]) {
    for (const target of [['shell', 'curl'], ['javascript', 'fetch']]) {
      const snippet = new HTTPSnippet({
        method: 'POST', url: `http://127.0.0.1:${server.address().port}/token`,
        httpVersion: 'HTTP/1.1', headers: [{ name: 'content-type', value: type }],
        queryString: [], cookies: [], headersSize: -1, bodySize: -1,
        postData: { mimeType: type, text: `code=${encodeURIComponent(code)}`, params: [{ name: 'code', value }] },
      }).convert(...target)
      await run(target, snippet)
      console.log(`${writer}'s entry, ${target[1]}: recorded ${code}, sent ${received}`)
    }
  }
  server.close()
})
JS

echo "httpsnippet $(node -p "JSON.parse(fs.readFileSync('node_modules/httpsnippet/package.json')).version")"
node try.cjs | tee seen.txt
cat > expected.txt <<'TEXT'
Chromium's entry, curl: recorded a+b/c, sent a+b/c
Chromium's entry, fetch: recorded a+b/c, sent a%2Bb%2Fc
Firefox's entry, curl: recorded a+b/c, sent a b/c
Firefox's entry, fetch: recorded a+b/c, sent a+b/c
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
