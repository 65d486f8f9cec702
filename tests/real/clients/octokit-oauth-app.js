// @octokit/oauth-app, the app's own code around `getWebFlowAuthorizationUrl` and `createToken`.
import { Octokit } from '@octokit/core'
import { OAuthApp } from '@octokit/oauth-app'
import { base, clientId, clientSecret, loggedIn, otherRedirectUri, overTheBrowser, redirectUri, slip } from './run.js'

const app = new OAuthApp({
  clientType: 'oauth-app', clientId, clientSecret, Octokit: Octokit.defaults({ baseUrl: base }),
})
const { url } = app.getWebFlowAuthorizationUrl({ redirectUrl: redirectUri, scopes: ['read:user'], state: 'a-state' })
const back = await overTheBrowser(url)
const code = back.searchParams.get('code')
const redirectUrl = slip === 'mismatch' ? otherRedirectUri : redirectUri
if (slip === 'spent') await app.createToken({ code, redirectUrl })
const { authentication } = await app.createToken({ code, redirectUrl })
const octokit = new Octokit({ baseUrl: base, auth: authentication.token })
loggedIn((await octokit.request('GET /user')).data.login)
process.exit()
