/** Whole sign-ins against a real OpenID provider, and its two applications tried against each other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { signIn, type SignInResult } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { openTransaction } from '@genauth-oidc/login/openTransaction'
import { refreshLogin } from '@genauth-oidc/login/refreshLogin'
import { sealTransaction } from '@genauth-oidc/login/sealTransaction'
import type { LoginTransaction } from '@genauth-oidc/login/types'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { validateToken } from '@genauth-oidc/tokens/validateToken'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { has, modesOf, responseTypes, type Mode } from '../support/logins.js'

/** The callback as the application's server gets it. */
const received = ({ url, method, body }: SignInResult): string | Request =>
  method === 'POST'
    ? new Request(url, { method, body: body ?? '', headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    : url

const key = 'a-key-of-at-least-32-characters!'

describe.each(['HS256', 'RS256'] as const)('an application whose ID tokens are %s', (idTokenAlg) => {
  let emulator: Emulator
  let requests: string[] = []
  let first: OidcConfig
  let second: OidcConfig
  beforeAll(async () => {
    emulator = await startEmulator({
      apps: [{ idTokenAlg }, { idTokenAlg }],
      onRequest: ({ method, path }) => requests.push(`${method} ${path}`),
    })
    ;[first, second] = emulator.apps.map(({ config }) => defineConfig(config)) as [OidcConfig, OidcConfig]
  })
  afterAll(() => emulator.stop())

  const sign = async (config: OidcConfig, user = 'alice') => {
    const { url, transaction } = await beginLogin(config, { scope: 'openid profile offline_access' })
    const callback = received(await signIn(url, { user }))
    return { callback, transaction }
  }

  const sessions = responseTypes.flatMap((responseType) =>
    [undefined, ...modesOf(responseType)].map((responseMode: Mode | undefined) => ({ responseType, responseMode })),
  )
  it.each(sessions)('signs in with $responseType by $responseMode', async ({ responseType, responseMode }) => {
    const { url, transaction } = await beginLogin(first, { responseType, responseMode, appState: '/page' })
    const sealed = await sealTransaction(transaction, key)
    const callback = received(await signIn(url, { user: 'bob' }))
    const kept = await openTransaction(sealed, key)
    const userInfo = responseType !== 'id_token'
    const login = await completeLogin(first, callback, kept, { userInfo })
    expect(login.claims).toMatchObject({ iss: emulator.issuer, aud: first.appId, nonce: transaction.nonce })
    expect(login.appState).toBe('/page')
    if (userInfo) expect(login.userInfo?.sub).toBe(login.claims.sub)
    expect(login.frontChannel === undefined).toBe(!(has(responseType, 'code') && has(responseType, 'id_token')))
    await expect(verifyIdToken(first, login.tokens.id_token, { nonce: transaction.nonce })).resolves.toMatchObject({
      sub: login.claims.sub,
    })
  })

  it('learns that the user said no', async () => {
    const { url, transaction } = await beginLogin(first)
    const callback = received(await signIn(url, { deny: true }))
    await expect(completeLogin(first, callback, transaction)).rejects.toMatchObject({
      code: 'authorization_error',
      error: 'access_denied',
    })
  })

  it('verifies its tokens here, signed, and with one bit changed it does not', async () => {
    const { callback, transaction } = await sign(first)
    const { tokens } = await completeLogin(first, callback, transaction)
    const { nonce } = transaction
    await expect(verifyAccessToken(first, tokens.access_token)).resolves.toMatchObject({ aud: first.appId })
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (const [token, check] of [
      [tokens.id_token, (changed: string) => verifyIdToken(first, changed, { nonce })],
      [tokens.access_token, (changed: string) => verifyAccessToken(first, changed)],
    ] as const)
      for (let place = 0; place < token.length; place += 5) {
        const letter = alphabet.indexOf(token[place] ?? '')
        if (letter < 0) continue
        const changed = token.slice(0, place) + (alphabet[letter ^ (1 << (place % 6))] ?? '') + token.slice(place + 1)
        await expect(check(changed), `bit of letter ${place}`).rejects.toMatchObject({ code: 'token_invalid' })
      }
  })

  it('sends a code once: a second callback is refused by the server, and here without the transaction', async () => {
    const { callback, transaction } = await sign(first)
    const kept = new Map([[transaction.state, transaction]])
    const take = (state: string) => {
      const found = kept.get(state)
      kept.delete(state)
      return found
    }
    await completeLogin(first, callback, take)
    requests = []
    await expect(completeLogin(first, callback, take)).rejects.toMatchObject({ reason: 'transaction' })
    expect(requests).toEqual([])
    await expect(completeLogin(first, callback, transaction)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  describe('beside another application of the same provider', () => {
    it('takes no callback of the other’s, in either direction', async () => {
      for (const [one, other] of [
        [first, second],
        [second, first],
      ] as const) {
        const { callback, transaction } = await sign(one)
        requests = []
        // The other application's config with this transaction, and its transaction with this callback.
        await expect(completeLogin(other, callback, transaction)).rejects.toMatchObject({ reason: 'mix_up' })
        const foreign = (await beginLogin(other)).transaction
        await expect(completeLogin(other, callback, foreign)).rejects.toMatchObject({ reason: 'state' })
        expect(requests).toEqual([])
        // Even with a state that was made to fit the code is not this application's.
        const forced = { ...foreign, state: transaction.state }
        await expect(completeLogin(other, callback, forced)).rejects.toMatchObject({
          code: 'endpoint_error',
          error: 'invalid_grant',
        })
      }
    })

    it('takes none of the other’s tokens, here or by asking', async () => {
      const { callback, transaction } = await sign(first)
      const { tokens } = await completeLogin(first, callback, transaction)
      const { nonce } = transaction
      await expect(verifyIdToken(first, tokens.id_token, { nonce })).resolves.toBeTruthy()
      await expect(verifyIdToken(second, tokens.id_token, { nonce })).rejects.toMatchObject({ check: 'aud' })
      await expect(verifyAccessToken(second, tokens.access_token)).rejects.toMatchObject({ check: 'aud' })
      // GenAuth itself calls them valid, whoever asks.
      for (const token of [{ idToken: tokens.id_token }, { accessToken: tokens.access_token }]) {
        await expect(validateToken(first, token)).resolves.toMatchObject({ aud: first.appId })
        await expect(validateToken(second, token)).rejects.toMatchObject({ code: 'token_invalid', check: 'aud' })
      }
    })

    it('takes none of the other’s front-channel tokens', async () => {
      const { url, transaction } = await beginLogin(first, { responseType: 'id_token token' })
      const callback = received(await signIn(url))
      const foreign = { ...transaction, appId: second.appId }
      await expect(completeLogin(second, callback, foreign)).rejects.toMatchObject({ check: 'aud' })
      await expect(completeLogin(first, callback, transaction)).resolves.toBeTruthy()
    })

    it('opens none of the other’s sealed transactions for itself', async () => {
      const { callback, transaction } = await sign(first)
      const opened = await openTransaction(await sealTransaction(transaction, key), key)
      requests = []
      await expect(completeLogin(second, callback, opened)).rejects.toMatchObject({ reason: 'mix_up' })
      expect(requests).toEqual([])
    })

    it('refreshes none of the other’s logins', async () => {
      const { callback, transaction } = await sign(first)
      const login = await completeLogin(first, callback, transaction)
      requests = []
      await expect(refreshLogin(second, login)).rejects.toMatchObject({ code: 'argument_invalid' })
      expect(requests).toEqual([])
      const disguised = { ...login, claims: { ...login.claims, aud: second.appId } }
      await expect(refreshLogin(second, disguised)).rejects.toMatchObject({ error: 'invalid_grant' })
    })

    it('mixes no users up: two of them, in both applications', async () => {
      const logins = await Promise.all(
        [first, second].flatMap((config) =>
          ['alice', 'bob'].map(async (user) => {
            const { callback, transaction } = await sign(config, user)
            return completeLogin(config, callback, transaction, { userInfo: true })
          }),
        ),
      )
      const subjects = logins.map(({ claims }) => claims.sub)
      expect(subjects[0]).not.toBe(subjects[1])
      expect([subjects[2], subjects[3]]).toEqual([subjects[0], subjects[1]])
      const [alice, bob] = logins
      await expect(
        getUserInfoByAccessToken(first, { accessToken: alice!.tokens.access_token, expectedSubject: bob!.claims.sub }),
      ).rejects.toMatchObject({ reason: 'sub' })
    })
  })
})

describe('a provider whose keys change', () => {
  it('is followed: a key that is new right after the first fetch works', async () => {
    const jwks: string[] = []
    const emulator = await startEmulator({
      idTokenAlg: 'RS256',
      onRequest: ({ path }) => path.endsWith('jwks.json') && jwks.push(path),
    })
    const config = {
      ...defineConfig(emulator.config),
      fetch: (url: string, init: RequestInit) => fetch(url, init),
    } as OidcConfig
    const sign = async () => {
      const { url, transaction } = await beginLogin(config)
      return completeLogin(config, received(await signIn(url)), transaction)
    }
    await sign()
    emulator.rotateKeys({ forgetOld: true })
    await sign()
    await sign()
    expect(jwks).toHaveLength(2)
    await emulator.stop()
  })
})

describe('a single-page application', () => {
  it('signs in without a secret, with RS256', async () => {
    const emulator = await startEmulator({ apps: [{ public: true }] })
    const config = defineConfig(emulator.config)
    const { url, transaction } = await beginLogin(config)
    await expect(completeLogin(config, received(await signIn(url)), transaction)).resolves.toMatchObject({
      claims: { aud: config.appId },
    })
    await emulator.stop()
  })

  it('that has no key for HS256 signs in straight from the token endpoint, or not at all', async () => {
    const emulator = await startEmulator({ apps: [{ authMethods: { token: 'none' } }] })
    const { appId, appHost, redirectUri } = emulator.config
    const config = defineConfig({
      appId,
      appHost,
      redirectUri,
      idTokenSigningAlgs: ['HS256'],
      allowInsecureRequests: true,
    })
    const sign = async () => {
      const { url, transaction } = await beginLogin(config)
      return [received(await signIn(url)), transaction] as const
    }
    const [callback, transaction] = await sign()
    await expect(completeLogin(config, callback, transaction)).rejects.toMatchObject({
      code: 'token_invalid',
      check: 'key',
    })
    const [again, next] = await sign()
    await expect(completeLogin(config, again, next, { idToken: 'direct' })).resolves.toMatchObject({
      claims: { aud: appId },
    })
    await emulator.stop()
  })
})

describe('a provider that names its issuer in callbacks, or does not', () => {
  it.each([true, false])('iss: %s', async (iss) => {
    const emulator = await startEmulator({ iss })
    const config = defineConfig({ ...emulator.config, requireIss: true })
    for (const responseType of ['code', 'code id_token'] as const) {
      const { url, transaction } = await beginLogin(config, { responseType })
      const judged = completeLogin(config, received(await signIn(url)), transaction as LoginTransaction<'code'>)
      if (iss || responseType !== 'code') await expect(judged).resolves.toBeTruthy()
      else await expect(judged).rejects.toMatchObject({ reason: 'iss' })
    }
    await emulator.stop()
  })
})
