#!/usr/bin/env bash
#
# grant 5.4.24 meets oidc-provider 9.13.3 (npm): two scopes and a right password end in
# "access_denied", and nobody denied anything.
#
# One would expect: RFC 6749, section 3.3: scopes are separated by spaces; a server that does not
#   know one answers `invalid_scope` or leaves it out. Section 4.1.2.1: `access_denied` means that
#   the person or the server said no.
# What happens: for a provider that it has no profile for, grant joins the array of scopes by commas.
#   oidc-provider sees one scope called "openid,email", passes over it as unknown, asks for the
#   password all the same, has then nothing to ask consent for, and says access_denied. With one
#   scope both work.
# Why it matters: it breaks on the day when the second scope is added, and after a successful login
#   at that. One looks for the refusal in the consent, the account's rights and the client's
#   registration. `scope_delimiter: ' '` mends it.
# Seen: 2026-11-28.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts grant@5.4.24 oidc-provider@9.13.3

cat > try.mjs <<'JS'
import http from 'node:http'
import Grant from 'grant'
import Provider from 'oidc-provider'

const listen = server => new Promise(ready => server.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${server.address().port}`)))

// A browser with a person who types a password and agrees to everything.
async function person(url) {
  const cookies = {}
  let body, asked, forms = []
  for (let step = 0; step < 15; step++) {
    const answer = await fetch(url, {
      redirect: 'manual', method: body ? 'POST' : 'GET', body,
      headers: { cookie: Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/)
      cookies[name] = value
    }
    const location = answer.headers.get('location')
    const form = (await answer.text()).match(/name="prompt" value="(\w+)"/)?.[1]
    body = undefined
    if (location) {
      url = new URL(location, url).href
      asked ??= new URL(url).searchParams.get('scope')
    } else if (form) {
      forms.push(form)
      body = new URLSearchParams({ prompt: form, login: 'person', password: 'right' })
    } else break
  }
  return { asked, forms }
}

for (const [scope, extra] of [[['openid'], {}], [['openid', 'email'], {}], [['openid', 'email'], { scope_delimiter: ' ' }]]) {
  let grant, oidc, seen
  const appServer = http.createServer(async (request, response) => {
    const { redirect, response: outcome } = await grant(request, response)
    if (redirect) return
    seen = outcome.error ?? (outcome.id_token ? 'an ID token' : 'no ID token')
    response.end()
  })
  const app = await listen(appServer)
  const oidcServer = http.createServer((request, response) => oidc(request, response))
  const base = await listen(oidcServer)
  oidc = new Provider(base, {
    clients: [{ client_id: 'app', client_secret: 'secret', redirect_uris: [`${app}/connect/own/callback`], token_endpoint_auth_method: 'client_secret_post' }],
    claims: { openid: ['sub'], email: ['email'] },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, email: 'person@example.com' }) }),
    pkce: { required: () => false },
    ttl: { Grant: 60, AuthorizationCode: 60, AccessToken: 60, IdToken: 60, Interaction: 60, Session: 60 },
  }).callback()
  grant = Grant.node({
    session: { secret: 'for signing cookies' },
    config: {
      defaults: { origin: app, transport: 'state', state: true },
      own: { oauth: 2, key: 'app', secret: 'secret', authorize_url: `${base}/auth`, access_url: `${base}/token`, scope, ...extra },
    },
  })
  const { asked, forms } = await person(`${app}/connect/own`)
  console.log(`asked for "${asked}", forms: ${forms.join(', ')}: ${seen}`)
  for (const server of [appServer, oidcServer]) {
    server.close()
    server.closeAllConnections()
  }
}
JS

for name in grant oidc-provider; do
  echo "$name $(node -p "JSON.parse(fs.readFileSync('node_modules/$name/package.json')).version")"
done
node try.mjs 2> warnings.txt | tee seen.txt
cat > expected.txt <<'TEXT'
asked for "openid", forms: login, consent: an ID token
asked for "openid,email", forms: login: access_denied
asked for "openid email", forms: login, consent: an ID token
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-28"
