/** Many users at once through one frozen config: nothing of one ever reaches another. */
import { describe, expect, it } from 'vitest'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { refreshLogin } from '@genauth-oidc/login/refreshLogin'
import type { LoginTransaction } from '@genauth-oidc/login/types'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { has, responseTypes } from '../support/logins.js'
import {
  accessClaims,
  appHost,
  appId,
  at,
  fakeFetch,
  halfHash,
  idClaims,
  jwt,
  keyOf,
  redirectUri,
  secret,
  seeded,
  type Claims,
} from '../support/tokens.js'

const users = 1000
const random = seeded(7)
const pause = () => new Promise((resolve) => setTimeout(resolve, Math.floor(random() * 5)))

/** Knows a user by the code or token that is sent, and answers in no order. */
const { fetch, calls } = fakeFetch(async ({ url, form, headers }) => {
  await pause()
  if (url.pathname.endsWith('/jwks.json')) return { keys: [keyOf('ES256').jwk] }
  if (url.pathname.endsWith('/me')) {
    const user = headers['authorization']?.split('-at-')[1] ?? ''
    return { sub: user, email: `${user}@example.com` }
  }
  const [user = '', nonce = ''] = (form.get('code') ?? form.get('refresh_token') ?? '').split('~')
  const again = form.has('refresh_token')
  const token = `${again ? 'second' : 'first'}-at-${user}`
  return {
    access_token: token,
    token_type: 'Bearer',
    expires_in: 60,
    refresh_token: `${user}~${nonce}~rt`,
    id_token: jwt(
      idClaims({ sub: user, nonce: again ? undefined : nonce, at_hash: halfHash(token), email: `${user}@example.com` }),
    ),
  }
})

const config = defineConfig({ appId, appHost, secret, redirectUri, fetch })

async function signIn(index: number) {
  const user = `user-${index}`
  const responseType = responseTypes[index % responseTypes.length]!
  const { url, transaction } = await beginLogin(config, { responseType, appState: `page-of-${user}` }, at())
  await pause()
  const nonce = url.searchParams.get('nonce') ?? ''
  const code = `${user}~${nonce}`
  const front = `front-at-${user}`
  const params = new URLSearchParams({ state: url.searchParams.get('state') ?? '' })
  if (has(responseType, 'code')) params.set('code', code)
  if (has(responseType, 'token')) {
    params.set('access_token', front)
    params.set('token_type', 'Bearer')
  }
  if (has(responseType, 'id_token'))
    params.set('id_token', jwt(idClaims({ sub: user, nonce, c_hash: halfHash(code), at_hash: halfHash(front) })))
  const callback = `${redirectUri}${responseType === 'code' ? '?' : '#'}${params.toString()}`
  const userInfo = responseType !== 'id_token'
  const login = await completeLogin(config, callback, transaction as LoginTransaction<'code'>, { ...at(), userInfo })
  return { user, responseType, transaction, login }
}

const all = await Promise.all(Array.from({ length: users }, (_, index) => signIn(index)))

describe(`${users} sign-ins at the same time`, () => {
  it('each give their own user, tokens, nonce, user info and state of the application', () => {
    expect(Object.isFrozen(config)).toBe(true)
    for (const { user, responseType, transaction, login } of all) {
      expect(login.claims).toMatchObject({ sub: user, nonce: transaction.nonce })
      expect(login.appState).toBe(`page-of-${user}`)
      const { access_token, refresh_token, id_token } = login.tokens as Claims
      if (has(responseType, 'code')) {
        expect([access_token, refresh_token]).toEqual([`first-at-${user}`, `${user}~${transaction.nonce}~rt`])
      } else if (has(responseType, 'token')) expect(access_token).toBe(`front-at-${user}`)
      else expect(access_token).toBeUndefined()
      expect(id_token).toMatch(/^ey/)
      if (responseType !== 'id_token') expect(login.userInfo).toEqual({ sub: user, email: `${user}@example.com` })
    }
  })

  it('have nothing of one in what another got', () => {
    for (const { user, login } of all) {
      const names = new Set(JSON.stringify(login).match(/user-\d+/g))
      expect([...names]).toEqual([user])
    }
  })

  it('had each a state, a nonce and a verifier of their own, and sent each code once with its own verifier', () => {
    for (const name of ['state', 'nonce', 'codeVerifier'] as const)
      expect(new Set(all.map(({ transaction }) => transaction[name])).size).toBe(users)
    const verifiers = new Map(
      all.map(({ user, transaction }) => [`${user}~${transaction.nonce}`, transaction.codeVerifier]),
    )
    const sent = calls.filter(({ form }) => form.has('code'))
    const withCode = all.filter(({ responseType }) => has(responseType, 'code'))
    expect(sent).toHaveLength(withCode.length)
    for (const { form } of sent) expect(form.get('code_verifier')).toBe(verifiers.get(form.get('code') ?? ''))
  })

  it('can have no callback swapped: each transaction refuses every other’s', async () => {
    const before = calls.length
    for (let index = 0; index < 50; index++) {
      const { transaction } = all[index]!
      const other = all[(index + 1) % users]!.transaction
      const callback = `${redirectUri}?code=x&state=${other.state}`
      await expect(
        completeLogin(config, callback, { ...transaction, responseType: 'code' } as LoginTransaction<'code'>, at()),
      ).rejects.toMatchObject({ reason: 'state' })
    }
    expect(calls).toHaveLength(before)
  })

  it('are refreshed at the same time, each for its own user', async () => {
    const logins = all.filter(({ responseType }) => has(responseType, 'code'))
    const next = await Promise.all(logins.map(({ login }) => refreshLogin(config, login as never, at())))
    next.forEach(({ tokens, claims }, index) => {
      const { user } = logins[index]!
      expect([tokens.access_token, claims.sub]).toEqual([`second-at-${user}`, user])
    })
  })

  it('and 1 000 tokens are checked at the same time, each for its own user, good and bad mixed', async () => {
    const key = keyOf('ES256')
    const evil = { ...keyOf('ES256', 'evil'), kid: key.kid }
    const results = await Promise.all(
      Array.from({ length: users }, async (_, index) => {
        const bad = index % 3 === 0
        const token = jwt(accessClaims({ sub: `user-${index}` }), { alg: 'ES256', key: bad ? evil : key })
        await pause()
        return verifyAccessToken(config, token, { algs: ['ES256'] }, at()).then(
          ({ sub }) => sub,
          (error: unknown) => (error as Claims)['check'],
        )
      }),
    )
    results.forEach((result, index) => expect(result).toBe(index % 3 === 0 ? 'signature' : `user-${index}`))
    expect(calls.filter(({ url }) => url.pathname.endsWith('/jwks.json'))).toHaveLength(1)
  })
})
