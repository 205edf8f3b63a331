import type { Flow } from '../types.js'
import { Unsupported } from '../unsupported.js'

/** A sign-in that another site begins, once for a foreign issuer and once for the application's own. */
export const thirdPartyLogin: Flow = async ({ endpoints }, run, { browse }) => {
  if (!endpoints) throw new Unsupported('third-party-initiated login')
  const link = (iss: string) =>
    new Request(`https://rp.example.com/login?${new URLSearchParams({ iss, login_hint: 'alice' }).toString()}`)
  const foreign = await endpoints.initiateLogin(link(`${run.issuer}/another`))
  if (foreign.status !== 400) throw new Error('A foreign issuer is signed in with')
  const { status, headers } = await endpoints.initiateLogin(link(run.issuer))
  const location = headers.get('location')
  if (status !== 303 || location === null) throw new Error('No sign-in was begun')
  return endpoints.begun().complete(await browse(new URL(location)))
}
