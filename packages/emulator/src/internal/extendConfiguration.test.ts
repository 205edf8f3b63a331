import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
} from 'jose'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as oauth from 'oauth4webapi'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { authorizeUrl, get, makePkce, OFFLINE, paramsOf, post, signInForTokens, type Params } from '../../test/walk.js'
import { approveDevice } from '../approveDevice.js'
import { signIn } from '../signIn.js'
import { signOut } from '../signOut.js'
import { startEmulator } from '../startEmulator.js'
import type { Emulator, EmulatorFeatures, EmulatorOptions } from '../types.js'

// Started once for the same features: making keys is what takes time.
const running = new Map<string, Promise<Emulator>>()
afterAll(async () => {
  for (const emulator of running.values()) await (await emulator).stop()
})
const start = (features: EmulatorFeatures, options: EmulatorOptions = {}) => {
  const key = JSON.stringify([features, options])
  const emulator = running.get(key) ?? startEmulator({ ...options, features })
  running.set(key, emulator)
  return emulator
}
const metadataOf = async (emulator: Emulator) => (await get(emulator, '/oidc/.well-known/openid-configuration')).json

const insecure = { [oauth.allowInsecureRequests]: true }
const discover = async (emulator: Emulator) => {
  const issuer = new URL(emulator.issuer)
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
}
const keysFor = async (alg: string) => {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwk = await exportJWK(publicKey)
  return { privateKey, jwk: { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) } }
}
const keysOf = (emulator: Emulator) => createRemoteJWKSet(new URL(`${emulator.issuer}/.well-known/jwks.json`))

describe('pushed requests', () => {
  it('are taken and used once, PKCE by plain included', async () => {
    const emulator = await start({ par: true })
    const { verifier } = makePkce()
    const app = emulator.apps[0]
    const params = Object.fromEntries(authorizeUrl(emulator, { code_challenge: verifier }).searchParams)
    const pushed = await post(emulator, '/oidc/request', params)
    expect([pushed.status, pushed.json.request_uri]).toEqual([
      201,
      expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/),
    ])
    const url = `${emulator.issuer}/auth?client_id=${app.appId}&request_uri=${encodeURIComponent(pushed.json.request_uri)}`
    const code = paramsOf(await signIn(url)).get('code') ?? ''
    const body = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUris[0] }
    expect((await post(emulator, '/oidc/token', body)).json.error).toBe('invalid_grant')
    expect((await post(emulator, '/oidc/token', { ...body, code_verifier: verifier })).status).toBe(200)
    expect(paramsOf(await signIn(url)).get('error')).toBe('invalid_request_uri')
  })

  it('authenticate as at the token endpoint, and can be demanded of an application', async () => {
    const emulator = await start(
      { par: true },
      {
        authMethods: { token: 'client_secret_basic' },
        apps: [{ metadata: { require_pushed_authorization_requests: true } }],
      },
    )
    const params = Object.fromEntries(authorizeUrl(emulator).searchParams)
    expect((await post(emulator, '/oidc/request', params)).json.error).toBe('invalid_client')
    expect(paramsOf(await signIn(authorizeUrl(emulator))).get('error')).toBe('invalid_request')
  })
})

describe('DPoP', () => {
  it.each([false, true])('binds tokens to a key, nonces demanded: %s', async (forceNonce) => {
    const emulator = await start({ dpop: { forceNonce } }, { idTokenAlg: 'RS256' })
    const app = emulator.apps[0]
    const as = await discover(emulator)
    expect(as.dpop_signing_alg_values_supported).toContain('ES256')
    const client = { client_id: app.appId }
    const auth = oauth.ClientSecretPost(app.secret ?? '')
    const dpop = oauth.DPoP({}, await oauth.generateKeyPair('ES256'))
    const { verifier, challenge } = makePkce()
    const callback = await signIn(
      authorizeUrl(emulator, {
        ...OFFLINE,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        nonce: undefined,
      }),
    )
    const params = oauth.validateAuthResponse(as, client, new URL(callback.url), 'the-state')
    const once = async () => {
      const response = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        auth,
        params,
        app.redirectUris[0],
        verifier,
        {
          DPoP: dpop,
          ...insecure,
        },
      )
      return oauth.processAuthorizationCodeResponse(as, client, response)
    }
    const tokens = await once().catch((error: unknown) => {
      expect(forceNonce && oauth.isDPoPNonceError(error)).toBe(true)
      return once()
    })
    expect(tokens.token_type).toBe('dpop')
    const { cnf } = decodeJwt(tokens.access_token)
    expect(cnf).toEqual({ jkt: await dpop.calculateThumbprint() })

    const ask = async () =>
      oauth.processUserInfoResponse(
        as,
        client,
        oauth.skipSubjectCheck,
        await oauth.userInfoRequest(as, client, tokens.access_token, { DPoP: dpop, ...insecure }),
      )
    const info = await ask().catch((error: unknown) => {
      expect(forceNonce && oauth.isDPoPNonceError(error)).toBe(true)
      return ask()
    })
    expect(info['preferred_username']).toBe('alice')
    const bearer = await get(emulator, '/oidc/me', { authorization: `Bearer ${tokens.access_token}` })
    expect(bearer.status).toBe(401)
    const introspection = await post(emulator, '/oidc/token/introspection', { token: tokens.access_token })
    expect(introspection.json).toMatchObject({ active: true, token_type: 'DPoP', cnf })
  })
})

describe('signed requests', () => {
  it('are taken when the key of the application signed them, and refused when another did', async () => {
    const { privateKey, jwk } = await keysFor('ES256')
    const emulator = await start({ jar: true }, { apps: [{ metadata: { jwks: { keys: [jwk] } } }] })
    const { appId } = emulator.apps[0]
    const request = (key: typeof privateKey) =>
      new SignJWT({ ...Object.fromEntries(authorizeUrl(emulator, { state: 'signed' }).searchParams) })
        .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
        .setIssuer(appId)
        .setAudience(emulator.issuer)
        .setExpirationTime('1m')
        .sign(key)
    const url = async (key: typeof privateKey) =>
      authorizeUrl(emulator, { request: await request(key), state: undefined })
    expect(paramsOf(await signIn(await url(privateKey))).get('state')).toBe('signed')
    const other = await generateKeyPair('ES256')
    const refused = await signIn(await url(other.privateKey)).then(paramsOf, (error: unknown) => error)
    expect(String(refused)).toMatch(/invalid_request_object/)
  })
})

describe('signed responses', () => {
  it.each(['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'])('come by %s', async (mode) => {
    const emulator = await start({ jarm: true })
    const response = paramsOf(await signIn(authorizeUrl(emulator, { response_mode: mode }))).get('response') ?? ''
    const expected = { issuer: emulator.issuer, audience: emulator.apps[0].appId }
    const { payload } = await jwtVerify(response, keysOf(emulator), expected)
    expect(payload).toMatchObject({ code: expect.any(String), state: 'the-state' })
    expect((await metadataOf(emulator)).response_modes_supported).toContain(mode)
  })
})

describe('authentication by a signed assertion', () => {
  it('works by private_key_jwt, and only by it where it is registered', async () => {
    const { privateKey, jwk } = await keysFor('PS256')
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }
    const emulator = await start({ jwtClientAuth: true }, { apps: [{ idTokenAlg: 'RS256', metadata }] })
    const { appId } = emulator.apps[0]
    const as = await discover(emulator)
    expect(as.token_endpoint_auth_methods_supported).toContain('private_key_jwt')
    const response = await oauth.introspectionRequest(
      as,
      { client_id: appId },
      oauth.PrivateKeyJwt({ key: privateKey, kid: jwk.kid }),
      'unknown',
      insecure,
    )
    expect(await response.json()).toEqual({ active: false })
    const { status, json } = await post(emulator, '/oidc/token/introspection', { token: 'unknown' })
    expect([status, json.error]).toEqual([401, 'invalid_client'])
  })
})

// A certificate of no authority, made for these tests: its key signs nothing here.
const PEM = `-----BEGIN CERTIFICATE-----
MIIBmTCCAT6gAwIBAgIUXxKavg0DoGNtUotmwBONVPvIaK4wCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGY2xpZW50MCAXDTI2MTEyMjE3MDYzN1oYDzIxMjYxMDI5MTcw
NjM3WjARMQ8wDQYDVQQDDAZjbGllbnQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASKFGE+/YQ3MNLGPou8W2mokXZKH3AexU7YaCrjnNyKIBIIUV+kXCgFQFipjl9a
zyZV4UouMJDeHYfBG44iivsgo3IwcDAdBgNVHQ4EFgQUii9HO6vQ4jVXKPCW603C
BFVvOOowHwYDVR0jBBgwFoAUii9HO6vQ4jVXKPCW603CBFVvOOowDwYDVR0TAQH/
BAUwAwEB/zAdBgNVHREEFjAUghJjbGllbnQuZXhhbXBsZS5jb20wCgYIKoZIzj0E
AwIDSQAwRgIhAJYkijKhpx79H4mwkp7X1oTuR/FyBj6ddGWgz4w9I+oBAiEAnHC+
RBgiHoRdGZe/1ppOYflyy5wm0dCQaG7IXC/5cPM=
-----END CERTIFICATE-----`

describe('certificates', () => {
  it('authenticate an application and bind its tokens', async () => {
    const metadata = {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'client.example.com',
      tls_client_certificate_bound_access_tokens: true,
      response_types: ['code'],
      grant_types: ['authorization_code'],
    }
    const emulator = await start({ mtls: true }, { apps: [{ idTokenAlg: 'RS256', metadata }] })
    const app = emulator.apps[0]
    const cert = { 'x-client-cert': encodeURIComponent(PEM) }
    const code = paramsOf(await signIn(authorizeUrl(emulator))).get('code') ?? ''
    const body = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUris[0], client_secret: undefined }
    expect((await post(emulator, '/oidc/token', body)).json.error).toBe('invalid_client')
    expect((await post(emulator, '/oidc/token', body, app, { 'x-client-cert': 'nonsense' })).json.error).toBe(
      'invalid_client',
    )
    const { json } = await post(emulator, '/oidc/token', body, app, cert)
    expect(decodeJwt(json.access_token)['cnf']).toEqual({ 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) })
    const authorization = `Bearer ${json.access_token}`
    expect((await get(emulator, '/oidc/me', { authorization })).status).toBe(401)
    expect((await get(emulator, '/oidc/me', { authorization, ...cert })).status).toBe(200)
  })
})

describe('token exchange with a certificate (RFC 8705 section 3)', () => {
  it('leaves a bound token with its certificate', async () => {
    const metadata = { tls_client_certificate_bound_access_tokens: true }
    const emulator = await start({ mtls: true, tokenExchange: true }, { apps: [{ metadata }] })
    const one = { 'x-client-cert': encodeURIComponent(PEM) }
    const code = paramsOf(await signIn(authorizeUrl(emulator))).get('code') ?? ''
    const body = { grant_type: 'authorization_code', code, redirect_uri: emulator.apps[0].redirectUris[0] }
    const { json } = await post(emulator, '/oidc/token', body, undefined, one)
    const exchange = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: json.access_token,
    }
    expect((await post(emulator, '/oidc/token', exchange)).json.error).toBe('invalid_grant')
    const next = (await post(emulator, '/oidc/token', exchange, undefined, one)).json
    expect(decodeJwt(next.access_token)['cnf']).toEqual(decodeJwt(json.access_token)['cnf'])
  })
})

describe('the device grant', () => {
  const ask = async (emulator: Emulator, scope = 'openid profile') =>
    (await post(emulator, '/oidc/device/auth', { scope })).json
  const poll = async (emulator: Emulator, code: string) =>
    (
      await post(emulator, '/oidc/token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: code,
      })
    ).json

  it('waits for the person, and then gives tokens once', async () => {
    const emulator = await start({ deviceFlow: true })
    const device = await ask(emulator)
    expect(device).toMatchObject({ user_code: expect.stringMatching(/^\w{4}-\w{4}$/), expires_in: 600 })
    expect((await poll(emulator, device.device_code)).error).toBe('authorization_pending')
    await approveDevice(device.verification_uri_complete, { user: 'ivan' })
    const tokens = await poll(emulator, device.device_code)
    expect(decodeJwt(tokens.id_token)).toMatchObject({ preferred_username: 'ivan', at_hash: expect.any(String) })
    expect((await poll(emulator, device.device_code)).error).toBe('invalid_grant')
    await expect(approveDevice(device.verification_uri_complete)).rejects.toThrow(/not signed in/)
  })

  it('tells the device when the person refuses', async () => {
    const emulator = await start({ deviceFlow: true })
    const device = await ask(emulator)
    await approveDevice(device.verification_uri_complete, { deny: true })
    expect((await poll(emulator, device.device_code)).error).toBe('access_denied')
  })

  it('knows its codes', async () => {
    const emulator = await start({ deviceFlow: true })
    await expect(approveDevice(`${emulator.issuer}/device?user_code=AAAA-BBBB`)).rejects.toThrow(
      /the code was not found/,
    )
  })
})

describe('authentication by another device', () => {
  const ask = (emulator: Emulator, login_hint = 'judy') =>
    post(emulator, '/oidc/backchannel', { scope: 'openid profile', login_hint })
  const poll = async (emulator: Emulator, id: string) =>
    (await post(emulator, '/oidc/token', { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: id })).json

  it('gives tokens to whoever is named', async () => {
    const emulator = await start({ ciba: true })
    const { json } = await ask(emulator)
    await vi.waitFor(async () => {
      const tokens = await poll(emulator, json.auth_req_id)
      expect(decodeJwt(tokens.id_token)['preferred_username']).toBe('judy')
    })
  })

  it('waits for the decision, which may be no', async () => {
    let decide: (decision: 'deny') => void = () => undefined
    const emulator = await start({ ciba: { decide: () => new Promise((resolve) => (decide = resolve)) } })
    const { json } = await ask(emulator)
    expect((await poll(emulator, json.auth_req_id)).error).toBe('authorization_pending')
    decide('deny')
    await vi.waitFor(async () => {
      expect((await poll(emulator, json.auth_req_id)).error).toBe('access_denied')
    })
  })
})

describe('a token by another device', () => {
  it('is for the resource that was asked for, with its scopes', async () => {
    const resource = 'https://api.example.com/'
    const emulator = await start({ ciba: true, resources: { [resource]: 'read write' } })
    const hint = { scope: 'openid read', login_hint: 'judy', resource }
    const { json } = await post(emulator, '/oidc/backchannel', hint)
    const form = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: json.auth_req_id }
    await vi.waitFor(async () => {
      const { access_token: token } = (await post(emulator, '/oidc/token', form)).json
      expect(decodeJwt(token)).toMatchObject({ aud: resource, scope: 'read' })
    })
  })
})

describe('pings', () => {
  const metadata = {
    backchannel_token_delivery_mode: 'ping',
    backchannel_client_notification_endpoint: 'http://127.0.0.1:9/ping',
  }

  it('that nobody takes are told to onError, and the application can poll', async () => {
    const onError = vi.fn()
    const emulator = await startEmulator({ features: { ciba: true }, apps: [{ metadata }], onError })
    const hint = { scope: 'openid', login_hint: 'judy', client_notification_token: 'a-token-of-the-application' }
    const { json } = await post(emulator, '/oidc/backchannel', hint)
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce())
    const form = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: json.auth_req_id }
    expect((await post(emulator, '/oidc/token', form)).status).toBe(200)
    await emulator.stop()
  })

  it.each(['localhost:3000', '127.0.0.1', '127.1.2.3:80', '[::1]:3000'])('go to http on loopback: %s', async (host) => {
    const endpoint = { backchannel_client_notification_endpoint: `http://${host}/ping` }
    await startEmulator({ features: { ciba: true }, apps: [{ metadata: { ...metadata, ...endpoint } }] }).then(
      (emulator) => emulator.stop(),
    )
  })

  it.each(['http://app.example.com/', 'http://127.0.0.1.example.com/', 'http://localhost@example.com/', '127.0.0.1'])(
    'go to https elsewhere, and not to %s',
    async (endpoint) => {
      const apps = [{ metadata: { ...metadata, backchannel_client_notification_endpoint: endpoint } }]
      await expect(startEmulator({ features: { ciba: true }, apps })).rejects.toThrow(/must be a https uri/)
    },
  )
})

describe('authorization details (RFC 9396)', () => {
  const DETAIL = { type: 'payment', amount: '12.50' }
  const OTHER = { type: 'payment', amount: '99.00' }
  const RESOURCE = 'https://api.example.com/'
  const features = { authorizationDetails: ['payment'], resources: { [RESOURCE]: 'orders' }, deviceFlow: true }
  const asked = (...details: object[]) => ({ authorization_details: JSON.stringify(details) })
  const codeFor = async (emulator: Emulator, params: Params) =>
    paramsOf(await signIn(authorizeUrl(emulator, params))).get('code') ?? ''
  const exchange = async (emulator: Emulator, code: string, params: Params = {}) => {
    const form = { grant_type: 'authorization_code', code, redirect_uri: emulator.apps[0].redirectUris[0] }
    return (await post(emulator, '/oidc/token', { ...form, ...params })).json
  }

  it('are shown to the person, and are in the answer and in the token (sections 7 and 9.1)', async () => {
    const emulator = await start(features)
    const seen: string[] = []
    const real = globalThis.fetch
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (...args) => {
      const response = await real(...args)
      seen.push(await response.clone().text())
      return response
    })
    const code = await codeFor(emulator, asked(DETAIL))
    spy.mockRestore()
    expect(seen.join()).toContain('&#34;amount&#34;:&#34;12.50&#34;')
    const tokens = await exchange(emulator, code)
    expect(tokens.authorization_details).toEqual([DETAIL])
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      aud: emulator.apps[0].appId,
      authorization_details: [DETAIL],
    })
    expect((await metadataOf(emulator)).authorization_details_types_supported).toEqual(['payment'])
  })

  it('become fewer at the token endpoint, for a resource, and not more (section 6)', async () => {
    const emulator = await start(features)
    const link = { ...asked(DETAIL, OTHER), resource: RESOURCE, scope: 'openid orders' }
    const fewer = await exchange(emulator, await codeFor(emulator, link), { ...asked(OTHER), resource: RESOURCE })
    expect(fewer.authorization_details).toEqual([OTHER])
    expect(decodeJwt(fewer.access_token)).toMatchObject({ aud: RESOURCE, authorization_details: [OTHER] })
    const more = asked({ type: 'payment', amount: '100.00' })
    expect((await exchange(emulator, await codeFor(emulator, link), { ...more, resource: RESOURCE })).error).toBe(
      'invalid_authorization_details',
    )
    const without = await codeFor(emulator, { scope: 'openid orders', resource: RESOURCE })
    expect((await exchange(emulator, without, { ...asked(DETAIL), resource: RESOURCE })).error).toBe(
      'invalid_authorization_details',
    )
    // The engine finds out whose they are by the resource.
    expect((await exchange(emulator, await codeFor(emulator, asked(DETAIL)), asked(DETAIL))).error).toBe(
      'invalid_target',
    )
  })

  it('are granted to a machine, for a resource', async () => {
    const emulator = await start(features)
    const { accessKey: client_id, accessSecret: client_secret } = emulator.apps[0]
    const machine = { grant_type: 'client_credentials', client_id, client_secret, ...asked(DETAIL) }
    const { json } = await post(emulator, '/oidc/token', { ...machine, resource: RESOURCE })
    expect(json.authorization_details).toEqual([DETAIL])
    expect((await post(emulator, '/oidc/token', machine)).json.error).toBe('invalid_target')
  })

  it('are granted to a device', async () => {
    const emulator = await start(features)
    const { json: device } = await post(emulator, '/oidc/device/auth', { scope: 'openid', ...asked(DETAIL) })
    await approveDevice(device.verification_uri_complete)
    const { json } = await post(emulator, '/oidc/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code,
    })
    expect(json.authorization_details).toEqual([DETAIL])
  })

  it('are refused when they are of no type, or no list, or wanted through the browser', async () => {
    const emulator = await start(features)
    const error = async (params: Params) => paramsOf(await signIn(authorizeUrl(emulator, params))).get('error')
    expect(await error(asked({ type: 'unknown' }))).toBe('invalid_authorization_details')
    expect(await error({ authorization_details: '{' })).toBe('invalid_authorization_details')
    expect(await error({ ...asked(DETAIL), response_type: 'code token' })).toBe('invalid_request')
  })
})

describe('token exchange', () => {
  const TYPE = 'urn:ietf:params:oauth:token-type:access_token'
  const exchange = (emulator: Emulator, params: Record<string, string>, app = emulator.apps[0]) =>
    post(
      emulator,
      '/oidc/token',
      { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token_type: TYPE, ...params },
      app,
    )

  it('gives a token of the same person with fewer scopes', async () => {
    const emulator = await start({ tokenExchange: true })
    const { tokens } = await signInForTokens(emulator)
    const { json } = await exchange(emulator, { subject_token: tokens.access_token, scope: 'openid email' })
    expect(json).toMatchObject({
      issued_token_type: TYPE,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid email',
    })
    const me = await get(emulator, '/oidc/me', { authorization: `Bearer ${json.access_token}` })
    expect(Object.keys(me.json)).toEqual(['sub', 'email', 'email_verified'])
    expect(me.json.sub).toBe(decodeJwt(tokens.access_token).sub)
  })

  it('refuses more scopes, dead and foreign tokens, and what it does not do', async () => {
    const emulator = await start({ tokenExchange: true })
    const { tokens } = await signInForTokens(emulator, { scope: 'openid' })
    const subject_token = tokens.access_token
    const error = async (params: Record<string, string>, app = emulator.apps[0]) =>
      (await exchange(emulator, params, app)).json.error
    expect(await error({ subject_token, scope: 'openid email' })).toBe('invalid_scope')
    expect(await error({ subject_token: 'unknown' })).toBe('invalid_grant')
    expect(await error({ subject_token }, emulator.apps[1])).toBe('invalid_grant')
    expect(await error({})).toBe('invalid_request')
    expect(await error({ subject_token, audience: 'https://elsewhere' })).toBe('invalid_target')
    expect(await error({ subject_token, actor_token: 'a' })).toBe('invalid_request')
    const refresh = 'urn:ietf:params:oauth:token-type:refresh_token'
    expect(await error({ subject_token, subject_token_type: refresh })).toBe('invalid_request')
  })
})

describe('token exchange with a proof (RFC 9449 section 5)', () => {
  const TYPE = 'urn:ietf:params:oauth:token-type:access_token'
  const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
  /** Asks as the application does, once more with the nonce where one was demanded, and tells each answer. */
  const exchange = async (emulator: Emulator, subject: string, key?: oauth.CryptoKeyPair) => {
    const as = await discover(emulator)
    const client = { client_id: emulator.apps[0].appId }
    const auth = oauth.ClientSecretPost(emulator.apps[0].secret ?? '')
    const handle = key && oauth.DPoP({}, key)
    const params = { subject_token: subject, subject_token_type: TYPE }
    const options = { ...insecure, ...(handle && { DPoP: handle }) }
    const answers: Record<string, unknown>[] = []
    for (;;) {
      const response = await oauth.genericTokenEndpointRequest(as, client, auth, GRANT, params, options)
      const body = await response.clone().json()
      answers.push(body)
      // Reading an answer is what tells the handle its nonce.
      await oauth.processGenericTokenEndpointResponse(as, client, response).catch(() => undefined)
      if (body.error !== 'use_dpop_nonce' || answers.length > 1) return answers
    }
  }
  const jktOf = async ({ publicKey }: oauth.CryptoKeyPair) => calculateJwkThumbprint(await exportJWK(publicKey))

  it.each([false, true])('binds the new token to the key, nonces demanded: %s', async (forceNonce) => {
    const emulator = await start({ tokenExchange: true, dpop: { forceNonce } })
    const { tokens } = await signInForTokens(emulator)
    const key = await oauth.generateKeyPair('ES256')
    const answers = await exchange(emulator, tokens.access_token, key)
    expect(answers.map(({ error }) => error)).toEqual(forceNonce ? ['use_dpop_nonce', undefined] : [undefined])
    const { access_token: bound, token_type: type } = answers.at(-1) ?? {}
    expect(type).toBe('DPoP')
    expect(decodeJwt(String(bound))['cnf']).toEqual({ jkt: await jktOf(key) })
    expect((await get(emulator, '/oidc/me', { authorization: `Bearer ${String(bound)}` })).status).toBe(401)
  })

  it('leaves a bound token with its key: for no other key, and for none, there is another one', async () => {
    const emulator = await start({ tokenExchange: true, dpop: true })
    const { tokens } = await signInForTokens(emulator)
    const [key, other] = [await oauth.generateKeyPair('ES256'), await oauth.generateKeyPair('ES256')]
    const [first] = await exchange(emulator, tokens.access_token, key)
    const bound = String(first?.['access_token'])
    const again = async (by?: oauth.CryptoKeyPair) => (await exchange(emulator, bound, by))[0]
    expect(await again(key)).toMatchObject({ token_type: 'DPoP' })
    expect(await again(other)).toMatchObject({ error: 'invalid_grant' })
    expect(await again()).toMatchObject({ error: 'invalid_grant' })
  })

  it('takes each proof once', async () => {
    const emulator = await start({ tokenExchange: true, dpop: true })
    const { tokens } = await signInForTokens(emulator)
    const form = { grant_type: GRANT, subject_token: tokens.access_token, subject_token_type: TYPE }
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const proof = await new SignJWT({ htm: 'POST', htu: `${emulator.issuer}/token`, jti: 'once' })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(publicKey) })
      .setIssuedAt()
      .sign(privateKey)
    const ask = () => post(emulator, '/oidc/token', form, undefined, { dpop: proof })
    expect([(await ask()).json.token_type, (await ask()).json.error]).toEqual(['DPoP', 'invalid_grant'])
  })

  it('demands a proof of an application whose tokens are bound', async () => {
    const emulator = await start(
      { tokenExchange: true, dpop: true },
      { apps: [{ metadata: { dpop_bound_access_tokens: true } }] },
    )
    const key = await oauth.generateKeyPair('ES256')
    const code = paramsOf(await signIn(authorizeUrl(emulator))).get('code') ?? ''
    const as = await discover(emulator)
    const client = { client_id: emulator.apps[0].appId }
    const params = { code, redirect_uri: emulator.apps[0].redirectUris[0] }
    const response = await oauth.genericTokenEndpointRequest(
      as,
      client,
      oauth.ClientSecretPost(emulator.apps[0].secret ?? ''),
      'authorization_code',
      params,
      { ...insecure, DPoP: oauth.DPoP({}, key) },
    )
    const { access_token: bound } = await response.json()
    expect(await exchange(emulator, bound)).toMatchObject([{ error: 'invalid_grant' }])
    expect(await exchange(emulator, bound, key)).toMatchObject([{ token_type: 'DPoP' }])
  })
})

describe('registration', () => {
  it('makes a client that signs in, and lets it be read, changed and deleted', async () => {
    const emulator = await start({ registration: true })
    const redirect = 'http://localhost:4444/callback'
    const register = await fetch(`${emulator.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [redirect],
        client_name: 'New',
        token_endpoint_auth_method: 'client_secret_post',
      }),
    })
    const client = await register.json()
    expect([register.status, client.client_secret.length > 30]).toEqual([201, true])
    const url = authorizeUrl(emulator, { client_id: client.client_id, redirect_uri: redirect })
    const code = paramsOf(await signIn(url)).get('code') ?? ''
    const body = { grant_type: 'authorization_code', code, redirect_uri: redirect }
    const { client_id, client_secret, registration_client_uri: uri } = client
    const tokens = await post(emulator, '/oidc/token', { ...body, client_id, client_secret })
    expect(decodeProtectedHeader(tokens.json.id_token).alg).toBe('RS256')
    const headers = { authorization: `Bearer ${client.registration_access_token}` }
    expect((await fetch(uri, { headers })).status).toBe(200)
    expect((await fetch(uri, { method: 'DELETE', headers })).status).toBe(204)
    expect((await post(emulator, '/oidc/token', { ...body, client_id, client_secret })).status).toBe(401)
  })
})

describe('signed answers', () => {
  it('come from introspection', async () => {
    const emulator = await start({ introspectionJwt: true })
    const { tokens } = await signInForTokens(emulator)
    const accept = { accept: 'application/token-introspection+jwt' }
    const { text, headers } = await post(
      emulator,
      '/oidc/token/introspection',
      { token: tokens.access_token },
      undefined,
      accept,
    )
    expect(headers.get('content-type')).toMatch(/^application\/token-introspection\+jwt/)
    const { payload } = await jwtVerify(text, keysOf(emulator), {
      issuer: emulator.issuer,
      typ: 'token-introspection+jwt',
    })
    expect(payload['token_introspection']).toMatchObject({ active: true })
  })

  it('come from user info', async () => {
    const metadata = { userinfo_signed_response_alg: 'HS256' }
    const emulator = await start({ userInfoJwt: true }, { apps: [{ metadata }] })
    const { tokens } = await signInForTokens(emulator)
    const { text } = await get(emulator, '/oidc/me', { authorization: `Bearer ${tokens.access_token}` })
    const { payload } = await jwtVerify(text, new TextEncoder().encode(emulator.apps[0].secret))
    expect(payload['preferred_username']).toBe('alice')
  })
})

describe('encryption', () => {
  it('hides ID tokens', async () => {
    const metadata = { id_token_encrypted_response_alg: 'A256KW', id_token_encrypted_response_enc: 'A256GCM' }
    const emulator = await start({ encryption: true }, { apps: [{ metadata }] })
    const { tokens } = await signInForTokens(emulator)
    expect(decodeProtectedHeader(tokens.id_token)).toMatchObject({ alg: 'A256KW', enc: 'A256GCM', cty: 'JWT' })
  })
})

describe('back-channel logout', () => {
  it('sends a logout token when a person leaves by the standard link', async () => {
    const received: string[] = []
    const server = createServer((req, res) => {
      let body = ''
      req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      req.on('end', () => {
        received.push(new URLSearchParams(body).get('logout_token') ?? '')
        res.end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const metadata = { backchannel_logout_uri: `http://127.0.0.1:${port}/`, backchannel_logout_session_required: true }
    const emulator = await start({ backchannelLogout: true }, { apps: [{ metadata }] })
    const cookies = new Map<string, string>()
    const { tokens } = await signInForTokens(emulator, {}, emulator.apps[0], { cookies })
    await signOut(`${emulator.issuer}/session/end?id_token_hint=${tokens.id_token}`, { cookies })
    server.close()
    expect(received).toHaveLength(1)
    const { sub, sid } = decodeJwt(tokens.id_token)
    expect(sid).toBeTypeOf('string')
    const { payload } = await jwtVerify(received[0] ?? '', new TextEncoder().encode(emulator.apps[0].secret), {
      typ: 'logout+jwt',
      issuer: emulator.issuer,
      audience: emulator.apps[0].appId,
    })
    expect(payload).toMatchObject({ sub, sid, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })
  })
})

describe('the claims parameter', () => {
  it('asks for single claims', async () => {
    const emulator = await start({ claimsParameter: true })
    const claims = JSON.stringify({ id_token: { email: null } })
    const { tokens } = await signInForTokens(emulator, { scope: 'openid', claims })
    expect(decodeJwt(tokens.id_token)).toHaveProperty('email')
    expect(decodeJwt(tokens.id_token)).not.toHaveProperty('gender')
  })
})

describe('resources', () => {
  it('have access tokens of their own', async () => {
    const resource = 'https://api.example.com/'
    const emulator = await start({ resources: { [resource]: 'read write' } })
    const callback = paramsOf(await signIn(authorizeUrl(emulator, { scope: 'openid read', resource })))
    const body = { grant_type: 'authorization_code', code: callback.get('code') ?? '', resource }
    const redirect_uri = emulator.apps[0].redirectUris[0]
    const { json } = await post(emulator, '/oidc/token', { ...body, redirect_uri })
    const { payload } = await jwtVerify(json.access_token, keysOf(emulator), { typ: 'at+jwt', audience: resource })
    expect(payload).toMatchObject({ scope: 'read', client_id: emulator.apps[0].appId })
    const unknown = paramsOf(await signIn(authorizeUrl(emulator, { resource: 'https://elsewhere.example/' })))
    expect(unknown.get('error')).toBe('invalid_target')
  })

  it('are what the token is for, when only the link names them', async () => {
    const resource = 'https://api.example.com/'
    const emulator = await start({ resources: { [resource]: 'read write' } })
    const callback = paramsOf(await signIn(authorizeUrl(emulator, { scope: 'openid read', resource })))
    const body = { grant_type: 'authorization_code', code: callback.get('code') ?? '' }
    const { json } = await post(emulator, '/oidc/token', { ...body, redirect_uri: emulator.apps[0].redirectUris[0] })
    expect(decodeJwt(json.access_token)).toMatchObject({ aud: resource, scope: 'read' })
  })
})

describe('an API on the emulator', () => {
  const features = {
    resources: { '/api/orders': 'orders:read', '/': 'root', 'https://api.example.com/': 'read' },
    api: async (request: Request) =>
      request.url.endsWith('/broken')
        ? Promise.reject(new Error('broken'))
        : new Response(`${request.method} ${request.headers.get('authorization')} ${await request.text()}`, {
            status: 203,
            headers: { 'x-api': 'yes' },
          }),
  }

  it('says of itself who issues tokens for it (RFC 9728 section 3)', async () => {
    const emulator = await start(features)
    const { json } = await get(emulator, '/.well-known/oauth-protected-resource/api/orders')
    expect(json).toEqual({
      resource: `${emulator.appHost}/api/orders`,
      authorization_servers: [emulator.issuer],
      scopes_supported: ['orders:read'],
      bearer_methods_supported: ['header'],
    })
    const root = await get(emulator, '/.well-known/oauth-protected-resource')
    expect(root.json.resource).toBe(`${emulator.appHost}/`)
    for (const path of ['/', '/api', '/api/orders/', '/api/orders/1', '/oidc'])
      expect((await get(emulator, `/.well-known/oauth-protected-resource${path}`)).json).toBeUndefined()
  })

  it('is described where its whole name leads, with its slash and its query (RFC 9728 section 3.1)', async () => {
    const names = ['/api/orders', '/api/orders/', '/api/items/', '/api/search?kind=items']
    const emulator = await start({ resources: Object.fromEntries(names.map((name) => [name, 'read'])) })
    const described = async (name: string) =>
      (await get(emulator, `/.well-known/oauth-protected-resource${name}`)).json?.resource
    for (const name of names) expect(await described(name)).toBe(emulator.appHost + name)
    for (const name of ['', '/', '/api/items', '/api/search', '/api/search/?kind=items'])
      expect(await described(name)).toBeUndefined()
  })

  it('is answered for by a function, at its address and below', async () => {
    const { '/': _root, ...resources } = features.resources
    const errors: unknown[] = []
    const emulator = await start({ ...features, resources }, { onError: (error) => void errors.push(error) })
    for (const path of ['/api/orders', '/api/orders/1?a=b']) {
      const answer = await fetch(emulator.appHost + path, {
        method: 'POST',
        body: 'x',
        headers: { authorization: 'A b' },
      })
      expect([answer.status, answer.headers.get('x-api'), await answer.text()]).toEqual([203, 'yes', 'POST A b x'])
    }
    for (const path of ['/api', '/api/orders2', '/'])
      expect((await get(emulator, path)).headers.get('x-api')).toBe(null)
    expect((await get(emulator, '/api/orders/broken')).status).toBe(500)
    expect(errors).toMatchObject([{ message: 'broken' }])
  })

  it('says so where no function was given', async () => {
    const emulator = await start({ resources: { '/api/orders': '' } })
    expect(await get(emulator, '/api/orders')).toMatchObject({
      status: 501,
      text: expect.stringContaining('features.api'),
    })
  })
})

describe('further algorithms', () => {
  it('sign ID tokens where the metadata of an application names them', async () => {
    const algs = ['PS256', 'ES256', 'EdDSA'] as const
    const apps = algs.map((alg) => ({ idTokenAlg: 'RS256' as const, metadata: { id_token_signed_response_alg: alg } }))
    const emulator = await start({ signingAlgs: algs }, { apps })
    for (const [index, alg] of algs.entries()) {
      const { tokens } = await signInForTokens(emulator, {}, emulator.apps[index])
      const { payload } = await jwtVerify(tokens.id_token, keysOf(emulator), { algorithms: [alg] })
      expect(payload['at_hash']).toBeTypeOf('string')
      expect(decodeProtectedHeader(tokens.access_token).alg).toBe('RS256')
    }
    const before = await signInForTokens(emulator, {}, emulator.apps[1])
    emulator.rotateKeys()
    const after = await signInForTokens(emulator, {}, emulator.apps[1])
    await jwtVerify(after.tokens.id_token, keysOf(emulator), { algorithms: ['ES256'] })
    expect(decodeProtectedHeader(after.tokens.id_token).kid).not.toBe(decodeProtectedHeader(before.tokens.id_token).kid)
  })
})

describe('without features', () => {
  it('nothing of them is there', async () => {
    const emulator = await start({})
    for (const path of ['/request', '/device/auth', '/backchannel', '/reg']) {
      expect((await post(emulator, `/oidc${path}`, {})).status).toBe(404)
    }
    const grant_type = 'urn:ietf:params:oauth:grant-type:token-exchange'
    expect((await post(emulator, '/oidc/token', { grant_type })).json.error).toBe('unsupported_grant_type')
    const { token_endpoint_auth_methods_supported: methods } = await metadataOf(emulator)
    expect(methods).toEqual(['client_secret_post', 'client_secret_basic', 'none'])
  })
})
