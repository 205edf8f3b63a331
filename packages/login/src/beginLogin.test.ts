import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { appHost, appId, at, config, issuer, now, redirectUri, secret } from '../../../tests/support/tokens.js'
import { beginLogin } from './beginLogin.js'
import type { LoginParams } from './types.js'

const types = ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'] as const

describe('the link of a sign-in', () => {
  it.each([undefined, null])('wants a config: %s is none', async (none) => {
    await expect(beginLogin(none as unknown as OidcConfig)).rejects.toMatchObject({
      code: 'config_invalid',
      issues: [{ path: 'appId' }],
    })
  })

  it('asks for a code, with state, nonce and an S256 challenge, always', async () => {
    const { url, transaction } = await beginLogin(config, {}, at())
    expect(`${url.origin}${url.pathname}`).toBe(`${issuer}/auth`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: appId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid profile email phone address',
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: createHash('sha256').update(transaction.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
  })

  it.each(types)('asks for response type %s, with a challenge and a nonce too [R14]', async (responseType) => {
    const { url, transaction } = await beginLogin(config, { responseType })
    expect(url.searchParams.get('response_type')).toBe(responseType)
    expect(url.searchParams.get('nonce')).toBe(transaction.nonce)
    expect(url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect(transaction.responseType).toBe(responseType)
  })

  it.each(['none', 'token', '', 'id', 'code code', 'token id_token'])(
    'never asks for %j [R14]',
    async (responseType) => {
      await expect(beginLogin(config, { responseType } as never)).rejects.toMatchObject({
        code: 'argument_invalid',
        argument: 'responseType',
      })
    },
  )

  it.each(['oauth', 'saml', 'cas'])(
    'is none of protocol %s: only oidc says who the user is [R14]',
    async (protocol) => {
      await expect(beginLogin({ ...config, protocol } as unknown as OidcConfig)).rejects.toMatchObject({
        code: 'config_invalid',
        issues: [{ path: 'protocol' }],
      })
    },
  )

  it('always asks for openid', async () => {
    await expect(beginLogin(config, { scope: 'profile' })).rejects.toMatchObject({ argument: 'scope' })
    await expect(beginLogin(config, { scope: 'openid2 profile' })).rejects.toMatchObject({ argument: 'scope' })
    await expect(beginLogin(config, { scope: 'openid' })).resolves.toMatchObject({ transaction: { scope: 'openid' } })
  })

  it('hands on what else is asked for, and never what is made', async () => {
    const params = {
      scope: 'openid offline_access',
      responseMode: 'form_post',
      maxAge: 60,
      loginHint: 'alice',
      uiLocales: 'zh-CN',
      redirectUri: 'https://app.example.com/other?x=1',
      extra: { audience: 'api' },
    } as const
    const { url } = await beginLogin(config, params)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      scope: 'openid offline_access',
      prompt: 'consent',
      response_mode: 'form_post',
      max_age: '60',
      login_hint: 'alice',
      ui_locales: 'zh-CN',
      redirect_uri: 'https://app.example.com/other?x=1',
      audience: 'api',
    })
    const own = { state: 's', nonce: 'n', codeChallenge: 'c'.repeat(43), codeChallengeMethod: 'plain' }
    const { url: made, transaction } = await beginLogin(config, own as LoginParams)
    expect(made.searchParams.get('state')).toBe(transaction.state)
    expect(transaction.state).not.toBe('s')
    expect(transaction.nonce).not.toBe('n')
    expect(made.searchParams.get('nonce')).toBe(transaction.nonce)
    expect(made.searchParams.get('code_challenge_method')).toBe('S256')
    expect(made.searchParams.get('code_challenge')).not.toBe(own.codeChallenge)
  })

  it('holds neither the verifier nor the secret nor what the application keeps', async () => {
    const { url, transaction } = await beginLogin(config, { appState: 'kept-here' })
    for (const text of [transaction.codeVerifier, secret, 'kept-here']) expect(url.href).not.toContain(text)
  })
})

describe('what is kept of a sign-in [R15]', () => {
  it('is all that the callback will be compared with, and it expires in ten minutes', async () => {
    const { transaction } = await beginLogin(
      config,
      { maxAge: 60, appState: '/cart', responseMode: 'form_post' },
      at(0.9),
    )
    expect(transaction).toEqual({
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      codeVerifier: expect.stringMatching(/^[\w.~-]{43,128}$/) as string,
      issuer,
      appId,
      redirectUri,
      responseType: 'code',
      responseMode: 'form_post',
      scope: 'openid profile email phone address',
      maxAge: 60,
      appState: '/cart',
      expiresAt: now + 600,
    })
    expect(JSON.parse(JSON.stringify(transaction))).toEqual(transaction)
  })

  it('has the redirect URI of the link, wherever that came from', async () => {
    for (const none of [undefined, null] as never[]) {
      const { url, transaction } = await beginLogin(config, { redirectUri: none })
      expect(transaction.redirectUri).toBe(redirectUri)
      expect(url.searchParams.get('redirect_uri')).toBe(redirectUri)
    }
  })

  it('is fresh in every sign-in: 256 bits each [R1]', async () => {
    const all = await Promise.all(Array.from({ length: 200 }, () => beginLogin(config)))
    const values = all.flatMap(({ transaction: { state, nonce, codeVerifier } }) => [state, nonce, codeVerifier])
    expect(new Set(values).size).toBe(600)
  })

  it('comes from the randomness that is given', async () => {
    let bytes = 0
    const random = (array: Uint8Array) => {
      bytes += array.length
      return array.fill(7)
    }
    const { transaction } = await beginLogin(config, {}, { random })
    expect(transaction.state).toBe(Buffer.alloc(32, 7).toString('base64url'))
    expect(bytes).toBeGreaterThanOrEqual(96)
  })
})

describe('a sign-in that cannot begin', () => {
  it.each<[string, unknown, object]>([
    ['no redirect URI', { appId, appHost }, { code: 'argument_invalid', argument: 'redirectUri' }],
    ['no app id', { ...config, appId: '' }, { code: 'config_invalid' }],
    ['no address', { appId, redirectUri }, { code: 'config_invalid' }],
  ])('has %s', async (_, broken, expected) => {
    await expect(beginLogin(broken as OidcConfig)).rejects.toMatchObject(expected)
  })

  it.each<[string, unknown, string]>([
    ['a mode that would put a token in a query', { responseType: 'id_token', responseMode: 'query' }, 'responseMode'],
    ['a state of the application that is no text', { appState: { a: 1 } }, 'appState'],
    ['params that are no object', 'openid', 'params'],
    ['a redirect URI that runs', { redirectUri: 'javascript:alert(1)' }, 'redirectUri'],
  ])('has %s', async (_, params, argument) => {
    await expect(beginLogin(config, params as LoginParams)).rejects.toMatchObject({
      code: 'argument_invalid',
      argument,
    })
  })
})
