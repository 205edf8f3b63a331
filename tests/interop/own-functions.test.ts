import { discover } from '@genauth-oidc/core/discover'
import type { DpopHandle, OidcConfig } from '@genauth-oidc/core/types'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import { signIn } from '@genauth-oidc/emulator/signIn'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { pollDeviceToken } from '@genauth-oidc/fapi/pollDeviceToken'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { open } from '@genauth-oidc/login/open'
import { refreshLogin } from '@genauth-oidc/login/refreshLogin'
import { seal } from '@genauth-oidc/login/seal'
import { generatePkce } from '@genauth-oidc/pkce/generatePkce'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { verifyLogoutToken } from '@genauth-oidc/verify/verifyLogoutToken'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jwt, logoutClaims } from '../support/tokens.js'
import { configOf } from './internal/flows.js'

// What the documents say of functions that the application hands in: what comes of one that throws.

let emulator: Emulator
let config: OidcConfig & { redirectUri: string }
beforeAll(async () => {
  emulator = await startEmulator()
  config = configOf(emulator.apps[0]) as typeof config
})
afterAll(() => emulator.stop())

const broken = new Error('a word of the secret')
const fails = (): never => {
  throw broken
}
const login = async (options?: object) => {
  const { url, transaction } = await beginLogin(config, { scope: 'openid offline_access' })
  return completeLogin(config, (await signIn(url, { user: 'alice' })).url, transaction, options)
}
const thrown = async (run: () => unknown): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
const sealing = { key: 'a key for cookies of 32 characters', purpose: 'test', expiresIn: 60 }

describe('what a function of the application throws', () => {
  const now = Math.floor(Date.now() / 1000)
  it.each<[string, () => unknown]>([
    ['finds the transaction', () => completeLogin(config, `/callback?code=x&state=${'x'.repeat(43)}`, fails)],
    ['finds the login', () => refreshLogin(config, fails)],
    ['saves', async () => refreshLogin(config, await login(), { save: fails })],
    ['locks', async () => refreshLogin(config, await login(), { lock: fails })],
    [
      'tells whether a token was seen',
      () => {
        const claims = logoutClaims({ iss: emulator.issuer, aud: config.appId, iat: now, exp: now + 60 })
        return verifyLogoutToken(config, jwt(claims, { secret: emulator.apps[0].secret! }), { seen: fails })
      },
    ],
    [
      'waits',
      () =>
        pollDeviceToken(config, { deviceCode: 'x', interval: 1, expiresAt: now + 60 } as never, {
          wait: fails,
        }),
    ],
    ['makes random bytes, for a sign-in', () => beginLogin(config, {}, { random: fails })],
    ['makes random bytes, for a link', () => buildAuthorizeUrl(config, {}, { random: fails })],
    ['makes random bytes, for PKCE', () => generatePkce({ random: fails })],
    ['makes random bytes, for a sealed value', () => seal('x', sealing, { random: fails })],
    ['tells the time, to a sign-in', () => beginLogin(config, {}, { now: fails })],
    ['tells the time, to a callback', () => login({ now: fails })],
    ['tells the time, to a refresh', async () => refreshLogin(config, await login(), { now: fails })],
  ])('comes out as it is, where it %s', async (_, run) => {
    expect(await thrown(run)).toBe(broken)
  })

  const dpop = { calculateThumbprint: fails, addProof: fails, cacheNonce: fails } as DpopHandle
  it.each<[string, () => unknown, object]>([
    ['gives the secret', () => introspectToken({ ...config, secret: fails }, 'x'), { code: 'config_invalid' }],
    [
      'authenticates the client',
      () => introspectToken({ ...config, introspectionEndpointAuthMethod: fails }, 'x'),
      { code: 'config_invalid' },
    ],
    ['proves the key', () => introspectToken(config, 'x', { dpop }), { code: 'argument_invalid', argument: 'dpop' }],
    ['fetches', () => introspectToken(config, 'x', { fetch: fails }), { code: 'network' }],
    ['tells the time, to what seals', () => seal('x', sealing, { now: fails }), { code: 'argument_invalid' }],
    [
      'tells the time, to what opens',
      async () => open(await seal('x', sealing), sealing, { now: fails }),
      { code: 'argument_invalid' },
    ],
  ])('is not shown, where it %s', async (_, run, expected) => {
    const error = await thrown(run)
    expect(error).toMatchObject(expected)
    expect(JSON.stringify([error, (error as Error).message, (error as Error).cause])).not.toContain(
      'word of the secret',
    )
  })

  it('is passed over, where it stores what can be had again', async () => {
    const store = { get: fails, set: fails }
    const { appId, appHost } = emulator.config
    expect((await discover({ appId, appHost: appHost, allowInsecureRequests: true }, { store })).issuer).toBe(
      emulator.issuer,
    )
    expect((await login({ jwks: store })).claims.sub).toMatch(/\w/)
  })
})

describe('a login that failed to be saved', () => {
  it('is lost: a provider that rotates has spent the old refresh token', async () => {
    const first = await login()
    await thrown(() => refreshLogin(config, first, { save: fails }))
    expect(await thrown(() => refreshLogin(config, first))).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('a login in the cookie itself', () => {
  it('ends with two page loads that overlap, lock or none, and so does the newer one', async () => {
    let saved = await login()
    const old = saved
    const page = (cookie: typeof old) =>
      refreshLogin(config, () => cookie, {
        save: (next) => void (saved = next as typeof old),
        lock: (_, run) => run(),
        freshFor: 1e9,
      })
    await Promise.all([page(old), page(old)])
    expect(saved).not.toBe(old)
    for (const cookie of [old, saved])
      expect(await thrown(() => page(cookie))).toMatchObject({ error: 'invalid_grant' })
  })
})
