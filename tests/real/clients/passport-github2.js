// passport-github2 in an Express application with a session.
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy } from 'passport-github2'
import { base, clientId, clientSecret, loggedIn, otherRedirectUri, overTheBrowser, slip } from './run.js'

const app = express()
app.use(session({ secret: 'for this run', resave: false, saveUninitialized: false }))
const server = app.listen(0, '127.0.0.1', async () => {
  const here = `http://127.0.0.1:${server.address().port}`
  passport.use(new Strategy({
    clientID: clientId, clientSecret, callbackURL: `${here}/callback`, state: 'a-state',
    authorizationURL: `${base}/login/oauth/authorize`, tokenURL: `${base}/login/oauth/access_token`,
    userProfileURL: `${base}/user`,
  }, (token, refresh, profile, done) => done(null, profile)))
  const callbackURL = slip === 'mismatch' ? otherRedirectUri : `${here}/callback`
  app.get('/login', passport.authenticate('github', { session: false }))
  app.get('/callback', passport.authenticate('github', { session: false, callbackURL }), (request, response) => {
    response.json(request.user.username)
  })
  app.use((error, request, response, next) => {
    console.error(error)
    response.status(500).end()
  })

  const login = async () => {
    const answer = await fetch(`${here}/login`, { redirect: 'manual' })
    const cookie = answer.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ')
    return { url: answer.headers.get('location'), headers: { cookie } }
  }
  const { url, headers } = await login()
  const back = await overTheBrowser(url)
  let answer = await fetch(back, { headers })
  if (slip === 'spent') {
    // The state is for one use too, so the old code comes with the state of another login.
    const again = await login()
    back.searchParams.set('state', new URL(again.url).searchParams.get('state'))
    answer = await fetch(back, { headers: again.headers })
  }
  if (answer.ok) loggedIn(await answer.json())
  process.exit()
})
