// Auth.js (@auth/core) with its GitHub provider, called as a web framework calls it.
import { Auth, skipCSRFCheck } from '@auth/core'
import GitHub from '@auth/core/providers/github'
import { base, clientId, clientSecret, loggedIn, overTheBrowser, slip } from './run.js'

// Below the registered path, as GitHub allows.
const here = 'http://127.0.0.1:8080/callback'
// Behind a proxy that forgets to hand on the host, Auth.js takes itself to be elsewhere on the way back.
const elsewhere = 'http://127.0.0.1:3000/callback'
const config = {
  secret: 'for signing the cookies of this run', trustHost: true, skipCSRFCheck, basePath: '/callback',
  providers: [GitHub({ clientId, clientSecret, enterprise: { baseUrl: base } })],
  callbacks: { jwt: ({ token, profile }) => profile ? { ...token, login: profile.login } : token },
  events: { signIn: ({ profile }) => loggedIn(profile.login) },
}
const cookies = answer => answer.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ')

const start = await Auth(new Request(`${here}/signin/github`, { method: 'POST' }), config)
const back = await overTheBrowser(start.headers.get('location'))
const callback = slip === 'mismatch' ? back.href.replace(here, elsewhere) : back.href
const headers = { cookie: cookies(start) }
if (slip === 'spent') {
  await Auth(new Request(callback, { headers }), { ...config, events: {} })
}
await Auth(new Request(callback, { headers }), config)
process.exit()
