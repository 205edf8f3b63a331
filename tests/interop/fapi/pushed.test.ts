import { createDpop } from '@genauth-oidc/fapi/createDpop'
import { ClientSecretJwt } from '@genauth-oidc/fapi/ClientSecretJwt'
import { PrivateKeyJwt } from '@genauth-oidc/fapi/PrivateKeyJwt'
import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
import { readSignedCallback } from '@genauth-oidc/fapi/readSignedCallback'
import { signRequestObject } from '@genauth-oidc/fapi/signRequestObject'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import { describe, expect, it } from 'vitest'
import { clientKey, errorOf, startProvider, withoutSecret } from './support/fapi.js'

const OPENID = { scope: 'openid profile' } as const

describe('client authentication without a secret on the wire', () => {
  it.each(['PS256', 'ES256', 'Ed25519'])(
    'signs the user in with private_key_jwt by %s, and asks every endpoint',
    async (alg) => {
      const { key, kid, jwk } = await clientKey(alg)
      const { config } = await startProvider(
        { par: true, jwtClientAuth: true },
        { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } },
      )
      for (const audience of ['issuer', 'endpoint'] as const) {
        const own = withoutSecret(config, PrivateKeyJwt({ key, kid }, { audience }))
        const { url, transaction } = await beginLogin(own, OPENID)
        const callback = await signIn(await pushAuthorizationRequest(own, url))
        const { tokens, claims } = await completeLogin(own, callback.url, transaction)
        expect(claims.iss).toBe(`${config.appHost}/oidc`)
        expect(await introspectToken(own, tokens.access_token)).toMatchObject({ active: true })
        expect(await revokeToken(own, tokens.access_token)).toBe(true)
        expect(await introspectToken(own, tokens.access_token)).toEqual({ active: false })
      }
    },
  )

  it('names an Ed25519 key as the provider knows it', async () => {
    const { key, kid, jwk } = await clientKey('EdDSA')
    const { config } = await startProvider(
      { jwtClientAuth: true },
      {
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'EdDSA',
        jwks: { keys: [jwk] },
      },
    )
    const tried = async (alg?: 'EdDSA') => {
      const own = withoutSecret(config, PrivateKeyJwt({ key, kid, ...(alg && { alg }) }))
      const { url, transaction } = await beginLogin(own, OPENID)
      return completeLogin(own, (await signIn(url)).url, transaction)
    }
    expect((await tried('EdDSA')).claims.iss).toBe(`${config.appHost}/oidc`)
    expect(await errorOf(tried())).toMatchObject({ code: 'endpoint_error', error: 'invalid_client' })
  })

  it('signs the user in with client_secret_jwt', async () => {
    const { config } = await startProvider({ jwtClientAuth: true }, { token_endpoint_auth_method: 'client_secret_jwt' })
    const own = { ...config, tokenEndpointAuthMethod: ClientSecretJwt(config.secret!) } as typeof config
    const { url, transaction } = await beginLogin(own, OPENID)
    const { claims } = await completeLogin(own, (await signIn(url)).url, transaction)
    expect(claims.sub).toMatch(/./)
  })

  it('is refused with another key, and says so by invalid_client', async () => {
    const [registered, other] = [await clientKey(), await clientKey()]
    const { config } = await startProvider(
      { par: true, jwtClientAuth: true },
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [registered.jwk] } },
    )
    const own = withoutSecret(config, PrivateKeyJwt(other))
    const { url } = await beginLogin(own, OPENID)
    expect(await errorOf(pushAuthorizationRequest(own, url))).toMatchObject({
      code: 'endpoint_error',
      endpoint: 'pushedAuthorization',
      error: 'invalid_client',
    })
  })
})

describe('pushed authorization requests (RFC 9126)', () => {
  it('leave nothing in the link but the client and the reference', async () => {
    const { config } = await startProvider({ par: true })
    const { url, transaction } = await beginLogin(config, OPENID)
    const short = await pushAuthorizationRequest(config, url)
    expect([...short.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
    const { claims } = await completeLogin(config, (await signIn(short)).url, transaction)
    expect(claims.sub).toMatch(/./)
  })

  it('are made only where the provider demands them, when that is asked for', async () => {
    const { config, statuses } = await startProvider({ par: true })
    const metadata = await readServerMetadata(config)
    expect(metadata.pushed_authorization_request_endpoint).toBe(`${config.appHost}/oidc/request`)
    const { url } = await beginLogin(config, OPENID)
    const asIs = await pushAuthorizationRequest(config, url, { metadata, when: 'required' })
    expect(asIs.href).toBe(url.href)
    // With a proof key the code is bound to it, pushed or not.
    const dpop = await createDpop(config)
    const bound = await pushAuthorizationRequest(config, url, { metadata, when: 'required', dpop })
    expect(bound.searchParams.get('dpop_jkt')).toBe(await dpop.calculateThumbprint())
    expect(statuses('/oidc/request')).toEqual([])
    const short = await pushAuthorizationRequest(config, url, {
      metadata: { ...metadata, require_pushed_authorization_requests: true },
      when: 'required',
    })
    expect(short.searchParams.has('request_uri')).toBe(true)
  })

  it('are refused by the provider without the right secret', async () => {
    const { config } = await startProvider({ par: true })
    const { url } = await beginLogin(config, OPENID)
    const wrong = { ...config, secret: 'a-wrong-secret-of-32-characters-or-more' } as typeof config
    const error = await errorOf(pushAuthorizationRequest(wrong, url))
    expect(error).toMatchObject({ code: 'endpoint_error', status: 401, error: 'invalid_client' })
    expect(JSON.stringify(error)).not.toContain('a-wrong-secret')
  })
})

describe('signed requests (JAR, RFC 9101)', () => {
  it('sign the user in, in the link and pushed', async () => {
    const { key, kid, jwk } = await clientKey('PS256')
    const { config } = await startProvider(
      { par: true, jar: true },
      { request_object_signing_alg: 'PS256', jwks: { keys: [jwk] } },
    )
    for (const pushed of [false, true]) {
      const { url, transaction } = await beginLogin(config, { ...OPENID, maxAge: 3600 })
      const signed = await signRequestObject(config, { link: url, key: { key, kid } })
      expect([...signed.searchParams.keys()].sort()).toEqual(['client_id', 'request'])
      const link = pushed ? await pushAuthorizationRequest(config, signed) : signed
      const { claims } = await completeLogin(config, (await signIn(link)).url, transaction)
      expect(claims.nonce).toBe(transaction.nonce)
    }
  })

  it.each([
    ['a link', { par: true, jar: false }],
    ['a signed request', { par: true, jar: true }],
  ])('bind the code of %s that is not pushed to the proof key (RFC 9449 section 10)', async (_, features) => {
    const { key, kid, jwk } = await clientKey('ES256')
    const { config } = await startProvider({ dpop: true, ...features }, { jwks: { keys: [jwk] } })
    const [own, thief] = [await createDpop(config), await createDpop(config)]
    const begin = async () => {
      const { url, transaction } = await beginLogin(config, OPENID)
      const link = features.jar ? await signRequestObject(config, { link: url, key: { key, kid } }, { dpop: own }) : url
      const sent = await pushAuthorizationRequest(config, link, { when: 'required', dpop: own })
      return { callback: (await signIn(sent)).url, transaction }
    }
    const stolen = await begin()
    expect(await errorOf(completeLogin(config, stolen.callback, stolen.transaction, { dpop: thief }))).toMatchObject({
      code: 'endpoint_error',
      error: 'invalid_grant',
    })
    const { callback, transaction } = await begin()
    expect((await completeLogin(config, callback, transaction, { dpop: own })).tokens.token_type).toBe('DPoP')
  })

  it('are refused when another key signed them', async () => {
    const [registered, other] = [await clientKey(), await clientKey()]
    const { config } = await startProvider(
      { par: true, jar: true },
      { request_object_signing_alg: 'ES256', jwks: { keys: [registered.jwk] } },
    )
    const { url } = await beginLogin(config, OPENID)
    const signed = await signRequestObject(config, { link: url, key: other })
    expect(await errorOf(pushAuthorizationRequest(config, signed))).toMatchObject({ error: 'invalid_request_object' })
  })
})

describe('signed callbacks (JARM)', () => {
  it.each(['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'] as const)(
    'come by %s and complete a sign-in',
    async (mode) => {
      const { config } = await startProvider({ jarm: true }, { authorization_signed_response_alg: 'RS256' })
      const { url, transaction } = await beginLogin(config, { ...OPENID, responseMode: mode })
      const { url: address, method, body } = await signIn(url)
      const callback =
        method === 'POST'
          ? new Request(address, {
              method,
              body: body!,
              headers: { 'content-type': 'application/x-www-form-urlencoded' },
            })
          : address
      const answer = await readSignedCallback(config, callback, { state: transaction.state, responseMode: mode })
      expect(answer).toMatchObject({ iss: `${config.appHost}/oidc`, state: transaction.state })
      const { claims } = await completeLogin(config, new URLSearchParams({ ...answer }), {
        ...transaction,
        responseMode: undefined,
      })
      expect(claims.sub).toMatch(/./)
    },
  )

  it('tell a refusal in the provider’s own words', async () => {
    const { config } = await startProvider({ jarm: true })
    const { url, transaction } = await beginLogin(config, { ...OPENID, responseMode: 'jwt' })
    const { url: callback } = await signIn(url, { deny: true })
    expect(await errorOf(readSignedCallback(config, callback, { state: transaction.state }))).toMatchObject({
      code: 'authorization_error',
      error: 'access_denied',
    })
  })

  it('are refused for another sign-in, another application, and without a signature', async () => {
    const { config, emulator } = await startProvider({ jarm: true })
    const { url, transaction } = await beginLogin(config, { ...OPENID, responseMode: 'jwt' })
    const { url: callback } = await signIn(url)
    expect(await errorOf(readSignedCallback(config, callback, { state: 'another' }))).toMatchObject({ reason: 'state' })
    const foreign = { ...config, appId: emulator.apps[1]!.appId } as typeof config
    expect(await errorOf(readSignedCallback(foreign, callback, transaction))).toMatchObject({ check: 'aud' })
    const plain = await beginLogin(config, OPENID)
    expect(
      await errorOf(readSignedCallback(config, (await signIn(plain.url)).url, { state: plain.transaction.state })),
    ).toMatchObject({ code: 'callback_invalid', reason: 'missing' })
  })
})
