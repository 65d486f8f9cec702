#!/usr/bin/env bash
#
# oidc-provider 9.13.3 and @node-oauth/oauth2-server 5.3.0 (npm): after one wrong code_verifier
# the right one works at the first server and never again at the second.
#
# One would expect: one behaviour. RFC 7636, section 4.6, says what to answer (invalid_grant),
#   RFC 6749, section 4.1.2, that a code is for one use; neither says whether a refused exchange
#   is that use.
# What happens: oidc-provider checks first and spends then, oauth2-server spends first and checks
#   then. The second refusal of oauth2-server ("authorization code is invalid") hides the first.
# Why it matters: "correct the verifier and send it again" is right advice at one server and at
#   the other turns a PKCE fault into what looks like a forged or expired code.
# Seen: 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts oidc-provider@9.13.3 @node-oauth/oauth2-server@5.3.0

cat > try.mjs <<'JS'
import crypto from 'node:crypto'
import http from 'node:http'
import OAuth2Server from '@node-oauth/oauth2-server'
import Provider from 'oidc-provider'

const redirectUri = 'http://127.0.0.1/callback'
const verifier = 'right'.repeat(10)
const challenge = crypto.createHash('sha256').update(verifier).digest('base64url')
const listen = server => new Promise(ready => server.listen(0, '127.0.0.1', () => ready(server.address().port)))

async function oidcProvider() {
  const provider = new Provider('http://127.0.0.1', {
    clients: [{ client_id: 'app', client_secret: 'secret', redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_post' }],
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    ttl: { Grant: 60, AuthorizationCode: 60, AccessToken: 60, IdToken: 60 },
  })
  const grant = new provider.Grant({ accountId: 'person', clientId: 'app' })
  grant.addOIDCScope('openid')
  const code = await new provider.AuthorizationCode({
    accountId: 'person', client: await provider.Client.find('app'), grantId: await grant.save(),
    scope: 'openid', redirectUri, codeChallenge: challenge, codeChallengeMethod: 'S256',
  }).save()
  const server = http.createServer(provider.callback())
  return { server, port: await listen(server), code }
}

async function oauth2Server() {
  const client = { id: 'app', grants: ['authorization_code'] }
  const codes = new Map([['the-code', {
    code: 'the-code', authorizationCode: 'the-code', redirectUri, client, user: {},
    expiresAt: new Date(Date.now() + 600000), codeChallenge: challenge, codeChallengeMethod: 'S256',
  }]])
  const oauth = new OAuth2Server({
    model: {
      getClient: async (id, secret) => secret === 'secret' && client,
      getAuthorizationCode: async code => codes.get(code),
      revokeAuthorizationCode: async ({ code }) => codes.delete(code),
      saveToken: async (token, owner, user) => ({ ...token, client: owner, user }),
    },
  })
  const server = http.createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const answer = new OAuth2Server.Response({})
    await oauth.token(new OAuth2Server.Request({
      method: request.method, headers: request.headers, query: {},
      body: Object.fromEntries(new URLSearchParams(text)),
    }), answer).catch(() => {})
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body))
  })
  return { server, port: await listen(server), code: 'the-code' }
}

for (const start of [oidcProvider, oauth2Server]) {
  const { server, port, code } = await start()
  for (const sent of ['wrong'.repeat(10), verifier]) {
    const answer = await fetch(`http://127.0.0.1:${port}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code', code, redirect_uri: redirectUri,
        client_id: 'app', client_secret: 'secret', code_verifier: sent,
      }),
    })
    const body = await answer.json()
    const seen = body.access_token ? 'a token' : `${body.error}: ${body.error_description}`
    console.log(`${start.name}, ${sent.slice(0, 5)} verifier: ${seen}`)
  }
  server.close()
  server.closeAllConnections()
}
JS

for name in oidc-provider @node-oauth/oauth2-server; do
  echo "$name $(node -p "JSON.parse(fs.readFileSync('node_modules/$name/package.json')).version")"
done
node try.mjs 2> warnings.txt | tee seen.txt
cat > expected.txt <<'TEXT'
oidcProvider, wrong verifier: invalid_grant: grant request is invalid
oidcProvider, right verifier: a token
oauth2Server, wrong verifier: invalid_grant: Invalid grant: code verifier is invalid
oauth2Server, right verifier: invalid_grant: Invalid grant: authorization code is invalid
TEXT
diff -u expected.txt seen.txt
echo "unchanged since 2026-11-27"
