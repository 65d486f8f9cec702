#!/usr/bin/env bash
#
# passport-oauth2 1.8.0 meets oidc-provider 9.13.3 (npm): the login works, and the profile is refused
# for a token that is seconds old and good.
#
# One would expect: RFC 6750, section 2: a client sends the access token in the Authorization
#   header; section 2.3: in the query "only if" there is no other way. RFC 9700, section 4.3.2,
#   forbids the query.
# What happens: the HTTP client below every Passport strategy of this family puts the token into the
#   URL, unless `useAuthorizationHeaderforGET(true)` is called on a member whose name begins with an
#   underscore. oidc-provider does not look for it there and answers 400.
# Why it matters: "failed to fetch user profile" comes after a code exchange that succeeded, so one
#   checks scopes and claims. Where a server accepts the query, nobody notices, and each login
#   leaves a live token in the access logs of everything on the way.
# Seen: 2026-11-28.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts passport-oauth2@1.8.0 oidc-provider@9.13.3

cat > try.mjs <<'JS'
import http from 'node:http'
import OAuth2Strategy from 'passport-oauth2'
import Provider from 'oidc-provider'

const redirectUri = 'http://127.0.0.1/callback'
let oidc
const server = http.createServer((request, response) => {
  console.log(`  server: ${request.method} ${request.url.replace(/=.*/, '=...')}, header ${request.headers.authorization?.split(' ')[0] ?? 'none'}`)
  oidc(request, response)
})
await new Promise(ready => server.listen(0, '127.0.0.1', ready))
const base = `http://127.0.0.1:${server.address().port}`
const provider = new Provider(base, {
  clients: [{ client_id: 'app', client_secret: 'secret', redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_post' }],
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  pkce: { required: () => false },
  ttl: { Grant: 60, AuthorizationCode: 60, AccessToken: 60, IdToken: 60 },
})
oidc = provider.callback()

class Own extends OAuth2Strategy {
  userProfile(token, done) {
    this._oauth2.get(`${base}/me`, token, (error, body) => error ? done(error) : done(null, JSON.parse(body)))
  }
}

for (const header of [false, true]) {
  const grant = new provider.Grant({ accountId: 'person', clientId: 'app' })
  grant.addOIDCScope('openid')
  const code = await new provider.AuthorizationCode({
    accountId: 'person', client: await provider.Client.find('app'), grantId: await grant.save(), scope: 'openid', redirectUri,
  }).save()
  const strategy = new Own({
    authorizationURL: `${base}/auth`, tokenURL: `${base}/token`, clientID: 'app', clientSecret: 'secret', callbackURL: redirectUri,
  }, (access, refresh, profile, done) => done(null, profile))
  if (header) strategy._oauth2.useAuthorizationHeaderforGET(true)
  console.log(header ? 'told to use the header' : 'left alone')
  console.log('  passport: ' + await new Promise(seen => {
    strategy.success = user => seen(`logged in as ${user.sub}`)
    strategy.error = error => seen(`${error.statusCode} ${error.data}`)
    strategy.authenticate({ query: { code }, headers: {}, connection: {} }, {})
  }))
}
server.close()
server.closeAllConnections()
JS

for name in passport-oauth2 oidc-provider; do
  echo "$name $(node -p "JSON.parse(fs.readFileSync('node_modules/$name/package.json')).version")"
done
node try.mjs 2> warnings.txt | tee seen.txt
cat > expected.txt <<'TEXT'
left alone
  server: POST /token, header none
  server: GET /me?access_token=..., header none
  passport: 400 {"error":"invalid_request","error_description":"access tokens must not be provided via query parameter"}
told to use the header
  server: POST /token, header none
  server: GET /me, header Bearer
  passport: logged in as person
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-28"
