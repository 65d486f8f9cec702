#!/usr/bin/env bash
#
# @modelcontextprotocol/sdk 1.32.2 (npm): the right secret by Basic is a malformed request, and
# the description is a program's list of faults.
#
# One would expect: RFC 6749, section 2.3.1: a server MUST support HTTP Basic for clients that
#   have a secret; the body is the alternative. Section 5.2: a client that cannot be
#   authenticated is `invalid_client`, with a sentence for the developer.
# What happens: the token endpoint looks for `client_id` in the body alone. With Basic the answer
#   is 400 `invalid_request`, and `error_description` holds the JSON of a schema validator, line
#   breaks included. Sending `client_id` in the body as well turns it into "Client secret is
#   required", while the secret stands in the header.
# Why it matters: neither text says that the way of authentication is the fault, and every
#   library whose default is Basic runs into it.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/sdk@1.32.2 express@5.3.0

cat > try.mjs <<'JS'
import express from 'express'
import { mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js'

const client = { client_id: 'app', client_secret: 'secret', redirect_uris: ['http://127.0.0.1/callback'] }
const app = express()
app.use(mcpAuthRouter({
  issuerUrl: new URL('http://127.0.0.1'),
  tokenOptions: { rateLimit: false },
  provider: {
    clientsStore: { getClient: async id => id === 'app' ? client : undefined },
    exchangeRefreshToken: async () => ({ access_token: 'abc', token_type: 'Bearer' }),
  },
}))
const server = app.listen(0, '127.0.0.1', async () => {
  const basic = { authorization: `Basic ${btoa('app:secret')}` }
  for (const [name, headers, body] of [
    ['body', {}, { client_id: 'app', client_secret: 'secret' }],
    ['Basic', basic, {}],
    ['Basic, client_id in the body too', basic, { client_id: 'app' }],
  ]) {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/token`, {
      method: 'POST', headers,
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'r', ...body }),
    })
    const seen = await answer.json()
    const words = seen.error_description?.startsWith('[') ? 'a JSON list' : seen.error_description
    console.log(`${name}: ${answer.status} ${seen.access_token ? 'a token' : `${seen.error}: ${words}`}`)
  }
  server.close()
})
JS

echo "@modelcontextprotocol/sdk $(node -p "JSON.parse(fs.readFileSync('node_modules/@modelcontextprotocol/sdk/package.json')).version")"
node try.mjs | tee seen.txt
cat > expected.txt <<'TEXT'
body: 200 a token
Basic: 400 invalid_request: a JSON list
Basic, client_id in the body too: 400 invalid_client: Client secret is required
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
