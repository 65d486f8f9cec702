#!/usr/bin/env bash
#
# @auth/core 0.41.3 meets @node-oauth/oauth2-server 5.3.0 (npm): no login gets further than
# "Missing parameter: `state`".
#
# One would expect: RFC 6749, section 4.1.1: `state` is RECOMMENDED, not required; so a client
#   sends it and a server does without.
# What happens: neither does. For a custom provider Auth.js protects itself by PKCE alone and
#   sends no `state`. The server refuses an authorization request without one, unless
#   `allowEmptyState` is set.
# Why it matters: both sides are right by the RFC, and each works with nearly everybody else. The
#   error is shown at the server before the person has logged in, and where people look for the
#   fault is the state cookie, which never existed. `checks: ["pkce", "state"]` mends it.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @auth/core@0.41.3 @node-oauth/oauth2-server@5.3.0

cat > try.mjs <<'JS'
import { Auth, skipCSRFCheck } from '@auth/core'
import OAuth2Server from '@node-oauth/oauth2-server'

const base = 'http://127.0.0.1:8080'
const client = { id: 'app', grants: ['authorization_code'], redirectUris: [`${base}/auth/callback/own`] }
const oauth = new OAuth2Server({
  model: {
    getClient: async () => client,
    validateScope: async (user, _, scope) => scope,
    saveAuthorizationCode: async (code, owner, user) => ({ ...code, client: owner, user }),
    getAccessToken: async () => null,
  },
})

for (const checks of [undefined, ['pkce', 'state']]) {
  const answer = await Auth(new Request(`${base}/auth/signin/own`, { method: 'POST' }), {
    secret: 'a secret for signing cookies', trustHost: true, skipCSRFCheck, basePath: '/auth',
    providers: [{
      id: 'own', name: 'Own', type: 'oauth', clientId: 'app', clientSecret: 'secret', checks,
      authorization: `${base}/authorize`, token: `${base}/token`, userinfo: `${base}/user`,
    }],
  })
  const url = new URL(answer.headers.get('location'))
  const request = new OAuth2Server.Request({
    method: 'GET', headers: {}, query: Object.fromEntries(url.searchParams), body: {},
  })
  const options = { authenticateHandler: { handle: async () => ({ id: 'person' }) } }
  const seen = await oauth.authorize(request, new OAuth2Server.Response({}), options)
    .then(() => 'a code', error => `${error.name}: ${error.message}`)
  console.log(`checks ${JSON.stringify(checks) ?? 'left alone'}, sent ${[...url.searchParams.keys()].join(' ')}: ${seen}`)
}
JS

for name in @auth/core @node-oauth/oauth2-server; do
  echo "$name $(node -p "JSON.parse(fs.readFileSync('node_modules/$name/package.json')).version")"
done
node try.mjs | tee seen.txt
cat > expected.txt <<'TEXT'
checks left alone, sent scope response_type client_id redirect_uri code_challenge code_challenge_method: invalid_request: Missing parameter: `state`
checks ["pkce","state"], sent scope response_type client_id redirect_uri state code_challenge code_challenge_method: a code
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
