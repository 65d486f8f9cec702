// What every client here shares: its settings, and the way over the person's browser and back.
import { createInterface } from 'node:readline'

export const { BASE: base, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, SLIP: slip } = process.env
export const redirectUri = process.env.REDIRECT_URI
/** A redirect URI that is allowed, but is not the one that was sent at first. */
export const otherRedirectUri = `${redirectUri}/other`

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

/** Shows the authorization URL to the person and waits for the address at which the browser ends. */
export async function overTheBrowser(url) {
  console.log(`open ${url}`)
  return new URL((await lines.next()).value)
}

export function loggedIn(login) {
  console.log(`login ${login}`)
}
