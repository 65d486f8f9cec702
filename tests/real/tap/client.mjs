// A program that signs in with one of three libraries. First line in: its settings as JSON. First line out: the address
// that the browser has to open. Second line in: the address that the browser was sent back to.
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const line = async () => (await lines.next()).value;
const settings = JSON.parse(await line());

const clients = {
  async 'octokit-oauth-app'({ ask }) {
    const { OAuthApp } = await import('@octokit/oauth-app');
    const { Octokit } = await import('@octokit/core');
    const app = new OAuthApp({
      clientType: 'oauth-app',
      clientId: settings.client_id,
      clientSecret: settings.client_secret,
      Octokit: Octokit.defaults({ baseUrl: settings.api_url }),
    });
    const { url } = app.getWebFlowAuthorizationUrl({ state: 'octokit-state', redirectUrl: settings.redirect_uri });
    const back = new URL(await ask(url));
    await app.createToken({
      code: back.searchParams.get('code'),
      state: back.searchParams.get('state'),
      redirectUrl: settings.redirect_uri_at_exchange,
    });
  },

  async 'passport-github2'({ ask }) {
    const { Strategy } = (await import('passport-github2')).default;
    const strategy = (callbackURL) =>
      new Strategy(
        {
          authorizationURL: settings.authorization_endpoint,
          tokenURL: settings.token_endpoint,
          userProfileURL: `${settings.api_url}/user`,
          clientID: settings.client_id,
          clientSecret: settings.client_secret,
          callbackURL,
          state: true,
        },
        (_access, _refresh, profile, done) => done(null, profile),
      );
    const session = {};
    const run = (callbackURL, query) =>
      new Promise((resolve, reject) => {
        const acting = Object.assign(Object.create(strategy(callbackURL)), {
          redirect: resolve,
          success: resolve,
          pass: resolve,
          error: reject,
          fail: (why) => reject(new Error(JSON.stringify(why))),
        });
        acting.authenticate({ query, session, headers: {}, url: '/callback', connection: {} }, {});
      });
    const back = new URL(await ask(await run(settings.redirect_uri, {})));
    await run(settings.redirect_uri_at_exchange, Object.fromEntries(back.searchParams));
  },

  async 'auth-core'({ ask }) {
    const { Auth, skipCSRFCheck } = await import('@auth/core');
    const { default: GitHub } = await import('@auth/core/providers/github');
    const config = {
      basePath: '/auth',
      trustHost: true,
      secret: 'a secret for the cookies of this test',
      skipCSRFCheck,
      logger: { error() {}, warn() {}, debug() {} },
      providers: [
        GitHub({
          clientId: settings.client_id,
          clientSecret: settings.client_secret,
          issuer: settings.issuer,
          authorization: { url: settings.authorization_endpoint, params: { scope: 'read:user' } },
          token: { url: settings.token_endpoint },
          userinfo: {
            url: `${settings.api_url}/user`,
            // The library's own asks api.github.com for a missing email address.
            async request({ tokens, provider }) {
              const headers = { authorization: `Bearer ${tokens.access_token}`, 'user-agent': 'authjs' };
              return (await fetch(provider.userinfo.url, { headers })).json();
            },
          },
        }),
      ],
    };
    const origin = new URL(settings.redirect_uri).origin;
    const asked = await Auth(new Request(`${origin}/auth/signin/github`, { method: 'POST' }), config);
    const cookie = asked.headers.getSetCookie().map((set) => set.split(';')[0]).join('; ');
    const back = new URL(await ask(asked.headers.get('location')));
    // The library builds the redirect URI from the host that it is asked at.
    const host = new URL(settings.redirect_uri_at_exchange).origin;
    const answer = await Auth(new Request(`${host}${back.pathname}${back.search}`, { headers: { cookie } }), config);
    const where = answer.headers.get('location') ?? '';
    if (where.includes('error')) throw new Error(where);
  },
};

const ask = async (url) => {
  console.log(url);
  return line();
};
try {
  await clients[settings.client]({ ask });
  console.log('signed in');
} catch (error) {
  console.log(`failed: ${String(error.message ?? error).split('\n')[0]}`);
}
process.exit(0);
