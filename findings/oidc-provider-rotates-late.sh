#!/usr/bin/env bash
#
# oidc-provider 9.13.3 (npm): the refresh token stays the same for the first 70 % of its life and
# changes at each refresh after that.
#
# One would expect: a server rotates refresh tokens or does not; RFC 6749, section 6, leaves the
#   choice, RFC 9700, section 2.2.2, asks for rotation for public clients only.
# What happens: for a confidential client the answer depends on the age of the refresh token.
#   With a life of 14 days, the first new one comes on the tenth day.
# Why it matters: a client that does not store a new refresh token passes every test and fails
#   on day ten, for one user after the other, with invalid_grant for a token that was "never
#   rotated before". Here the life is 10 seconds.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts oidc-provider@9.13.3

cat > try.mjs <<'JS'
import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import Provider from 'oidc-provider'

const provider = new Provider('http://127.0.0.1', {
  clients: [{
    client_id: 'app', client_secret: 'secret', redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_post',
  }],
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  ttl: { RefreshToken: 10, AccessToken: 60, IdToken: 60, Grant: 60 },
})
const grant = new provider.Grant({ accountId: 'person', clientId: 'app' })
grant.addOIDCScope('openid offline_access')
let current = await new provider.RefreshToken({
  accountId: 'person', client: await provider.Client.find('app'), grantId: await grant.save(),
  scope: 'openid offline_access', gty: 'authorization_code', rotations: 0,
}).save()
const first = current
const server = http.createServer(provider.callback())
await new Promise(ready => server.listen(0, '127.0.0.1', ready))

const refresh = async token => (await fetch(`http://127.0.0.1:${server.address().port}/token`, {
  method: 'POST',
  body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: 'app', client_secret: 'secret' }),
})).json()
for (const [age, pause] of [['fresh', 0], ['fresh, again', 0], ['past 70 % of its life', 7500]]) {
  await wait(pause)
  const answer = await refresh(current)
  console.log(`refresh token ${age}: ${answer.refresh_token === current ? 'the same' : 'a new'} refresh token`)
  current = answer.refresh_token
}
console.log(`the first one once more: ${(await refresh(first)).error}`)
server.close()
server.closeAllConnections()
JS

echo "oidc-provider $(node -p "JSON.parse(fs.readFileSync('node_modules/oidc-provider/package.json')).version")"
node try.mjs 2> warnings.txt | tee seen.txt
cat > expected.txt <<'TEXT'
refresh token fresh: the same refresh token
refresh token fresh, again: the same refresh token
refresh token past 70 % of its life: a new refresh token
the first one once more: invalid_grant
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
