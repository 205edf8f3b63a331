import { createDecryptingFetch } from '@genauth-oidc/fapi/createDecryptingFetch'
import { createDpop } from '@genauth-oidc/fapi/createDpop'
import { decryptJwt } from '@genauth-oidc/fapi/decryptJwt'
import { deleteClient } from '@genauth-oidc/fapi/deleteClient'
import { exchangeToken } from '@genauth-oidc/fapi/exchangeToken'
import { getSignedUserInfo } from '@genauth-oidc/fapi/getSignedUserInfo'
import { introspectSignedToken } from '@genauth-oidc/fapi/introspectSignedToken'
import { pollBackchannelToken } from '@genauth-oidc/fapi/pollBackchannelToken'
import { pollDeviceToken } from '@genauth-oidc/fapi/pollDeviceToken'
import { readClient } from '@genauth-oidc/fapi/readClient'
import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
import { registerClient } from '@genauth-oidc/fapi/registerClient'
import { startBackchannelAuthentication } from '@genauth-oidc/fapi/startBackchannelAuthentication'
import { startDeviceAuthorization } from '@genauth-oidc/fapi/startDeviceAuthorization'
import { updateClient } from '@genauth-oidc/fapi/updateClient'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { approveDevice } from '@genauth-oidc/emulator/approveDevice'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { errorOf, startProvider } from './support/fapi.js'

// The tests are in a hurry: what is waited for is written down in its place.
const patience = () => {
  const waits: number[] = []
  return { waits, wait: async (milliseconds: number) => void waits.push(milliseconds) }
}
const login = async (config: OidcConfig, options = {}) => {
  const { url, transaction } = await beginLogin(config, { scope: 'openid profile' })
  return completeLogin(config, (await signIn(url)).url, transaction, options)
}

describe('the device grant (RFC 8628)', () => {
  it.each([false, true])('signs a device in once the user agreed elsewhere, bound to a key: %s', async (bound) => {
    const { config } = await startProvider({ deviceFlow: true, dpop: { forceNonce: true } })
    const options = bound ? { dpop: await createDpop(config) } : {}
    const device = await startDeviceAuthorization(config, { scope: 'openid profile' }, options)
    expect(device).toMatchObject({ interval: 5, verificationUri: `${config.appHost}/oidc/device` })
    expect(device.verificationUriComplete).toContain(device.userCode)
    const { waits, wait } = patience()
    const polled = pollDeviceToken(config, device, {
      ...options,
      wait: async (milliseconds) => {
        await wait(milliseconds)
        if (waits.length === 3) await approveDevice(device.verificationUriComplete!)
      },
    })
    const tokens = await polled
    expect(tokens.token_type).toBe(bound ? 'DPoP' : 'Bearer')
    expect(tokens.claims).toMatchObject({ iss: `${config.appHost}/oidc`, aud: config.appId })
    // Two questions too early, then the answer; the server never asked for more patience.
    expect(waits).toEqual([5000, 5000, 5000])
  })

  it('tells when the user said no, when the code is used up, and ends with its signal', async () => {
    const { config } = await startProvider({ deviceFlow: true })
    const { wait } = patience()
    const device = await startDeviceAuthorization(config)
    await approveDevice(device.verificationUriComplete!, { deny: true })
    expect(await errorOf(pollDeviceToken(config, device, { wait }))).toMatchObject({
      code: 'endpoint_error',
      error: 'access_denied',
    })
    const used = await startDeviceAuthorization(config)
    await approveDevice(used.verificationUriComplete!)
    await pollDeviceToken(config, used, { wait })
    expect(await errorOf(pollDeviceToken(config, used, { wait }))).toMatchObject({ error: 'invalid_grant' })

    const waiting = await startDeviceAuthorization(config)
    const stop = new AbortController()
    setTimeout(() => stop.abort('enough'), 50)
    expect(await errorOf(pollDeviceToken(config, waiting, { signal: stop.signal }))).toMatchObject({
      code: 'aborted',
      cause: 'enough',
    })
  })
})

describe('sign-in by another device (CIBA)', () => {
  it('gives tokens once the user agreed', async () => {
    const { config } = await startProvider({ ciba: true })
    const { wait } = patience()
    const begun = await startBackchannelAuthentication(config, { loginHint: 'alice', bindingMessage: 'Ref 42' })
    const tokens = await pollBackchannelToken(config, begun, { wait })
    expect(tokens.claims).toMatchObject({ aud: config.appId })
  })

  it('waits while the user thinks, and tells when they said no', async () => {
    let agree!: () => void
    const agreed = new Promise<'approve'>((resolve) => (agree = () => resolve('approve')))
    const { config, statuses } = await startProvider({
      ciba: { decide: (user) => (user === 'mallory' ? 'deny' : agreed) },
    })
    const { waits, wait } = patience()
    const begun = await startBackchannelAuthentication(config, { loginHint: 'alice' })
    const tokens = await pollBackchannelToken(config, begun, {
      pinged: true,
      wait: async (milliseconds) => {
        await wait(milliseconds)
        if (waits.length === 2) agree()
      },
    })
    expect(tokens.id_token).toMatch(/./)
    expect(statuses('/oidc/token').slice(0, 2)).toEqual([400, 400])
    const refused = await startBackchannelAuthentication(config, { loginHint: 'mallory' })
    expect(await errorOf(pollBackchannelToken(config, refused, { wait }))).toMatchObject({ error: 'access_denied' })
  })
})

describe('token exchange (RFC 8693)', () => {
  it('gives a narrower token for a token', async () => {
    const { config } = await startProvider({ tokenExchange: true })
    const { tokens, claims } = await login(config)
    const narrow = await exchangeToken(config, {
      subjectToken: tokens.access_token,
      subjectTokenType: 'access_token',
      scope: 'openid',
    })
    expect(narrow).toMatchObject({
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: 'openid',
    })
    expect(await introspectToken(config, narrow.access_token)).toMatchObject({ active: true, sub: claims.sub })
  })

  it('is refused for a token of somebody else’s making', async () => {
    const { config } = await startProvider({ tokenExchange: true })
    const error = await errorOf(
      exchangeToken(config, { subjectToken: 'made-up-token-of-no-server', subjectTokenType: 'access_token' }),
    )
    expect(error).toMatchObject({ code: 'endpoint_error' })
    expect(JSON.stringify(error)).not.toContain('made-up-token')
  })
})

describe('registration of clients (RFC 7591 and 7592)', () => {
  it('makes a client that signs users in, and reads, changes and deletes it', async () => {
    const { config } = await startProvider({ registration: true })
    const server = { issuer: `${config.appHost}/oidc`, allowInsecureRequests: true }
    const metadata = await readServerMetadata(server)
    const redirectUri = 'https://app.example.com/callback'
    const client = await registerClient(server, { metadata: { redirect_uris: [redirectUri] } }, { metadata })
    const own = {
      ...config,
      appId: client.client_id,
      secret: client.client_secret!,
      redirectUri,
      tokenEndpointAuthMethod: 'client_secret_basic',
    } as OidcConfig
    expect((await login(own)).claims.aud).toBe(client.client_id)

    const handle = {
      registrationClientUri: client.registration_client_uri!,
      registrationAccessToken: client.registration_access_token!,
    }
    const read = await readClient(server, handle)
    expect(read).toMatchObject({ client_id: client.client_id, redirect_uris: [redirectUri] })
    const changed = await updateClient(server, { ...handle, metadata: { ...read, client_name: 'New name' } })
    expect(changed).toMatchObject({ client_id: client.client_id, client_name: 'New name' })
    // The engine gives a new token with each change, and the old one is dead.
    const renewed = { ...handle, registrationAccessToken: changed.registration_access_token! }
    expect(await errorOf(readClient(server, handle))).toMatchObject({ error: 'invalid_token', status: 401 })
    expect(await deleteClient(server, renewed)).toBe(true)
    expect(await errorOf(readClient(server, renewed))).toMatchObject({ error: 'invalid_token' })
  })

  it('tells which metadata the server refuses', async () => {
    const { config } = await startProvider({ registration: true })
    expect(await errorOf(registerClient(config, { metadata: { redirect_uris: ['not a url'] } }))).toMatchObject({
      code: 'endpoint_error',
      endpoint: 'registration',
      error: 'invalid_redirect_uri',
    })
  })
})

describe('signed answers', () => {
  it('tell by signature whether a token is alive (RFC 9701)', async () => {
    const { config } = await startProvider({ introspectionJwt: true }, { introspection_signed_response_alg: 'RS256' })
    const { tokens, claims } = await login(config)
    const params = { token: tokens.access_token, algs: ['RS256'] } as const
    expect(await introspectSignedToken(config, params)).toMatchObject({ active: true, sub: claims.sub })
    expect(await introspectSignedToken(config, { ...params, token: 'unknown' })).toEqual({ active: false })
    expect(await errorOf(introspectSignedToken(config, { ...params, algs: ['ES256'] }))).toMatchObject({ check: 'alg' })
  })

  it('are insisted on: a plain answer is refused', async () => {
    const { config } = await startProvider({})
    const { tokens, claims } = await login(config)
    expect(await errorOf(introspectSignedToken(config, { token: tokens.access_token }))).toMatchObject({
      code: 'response_invalid',
      reason: 'content_type',
    })
    expect(
      await errorOf(getSignedUserInfo(config, { accessToken: tokens.access_token, expectedSubject: claims.sub })),
    ).toMatchObject({ code: 'response_invalid', reason: 'content_type' })
  })

  it('bring the user’s claims by signature, and about nobody else', async () => {
    const { config } = await startProvider({ userInfoJwt: true }, { userinfo_signed_response_alg: 'RS256' })
    const { tokens, claims } = await login(config)
    const params = { accessToken: tokens.access_token, expectedSubject: claims.sub }
    expect(await getSignedUserInfo(config, params)).toMatchObject({ sub: claims.sub, iss: claims.iss })
    expect(await errorOf(getSignedUserInfo(config, { ...params, expectedSubject: 'another' }))).toMatchObject({
      code: 'response_invalid',
      reason: 'sub',
    })
  })
})

describe('encrypted answers', () => {
  it.each(['RSA-OAEP-256', 'ECDH-ES'])('are opened with the private key by %s', async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg)
    const jwk = { ...(await exportJWK(publicKey)), kid: 'enc', alg, use: 'enc' }
    const { config } = await startProvider(
      { encryption: true, userInfoJwt: true },
      {
        jwks: { keys: [jwk] },
        id_token_encrypted_response_alg: alg,
        id_token_encrypted_response_enc: 'A256GCM',
        userinfo_signed_response_alg: 'RS256',
        userinfo_encrypted_response_alg: alg,
        userinfo_encrypted_response_enc: 'A256GCM',
        // What comes through the browser is not opened here.
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    )
    expect(await errorOf(login(config))).toMatchObject({ code: 'token_invalid', check: 'format' })
    const decrypt = async (token: string) => decryptJwt(token, { key: privateKey })
    const own = { ...config, fetch: createDecryptingFetch({ decrypt }) } as OidcConfig
    const { tokens, claims } = await login(own)
    expect(claims.iss).toBe(`${config.appHost}/oidc`)
    const params = { accessToken: tokens.access_token, expectedSubject: claims.sub, decrypt }
    expect(await getSignedUserInfo(config, params)).toMatchObject({ sub: claims.sub })
    const other = await generateKeyPair(alg)
    const wrong = async (token: string) => decryptJwt(token, { key: other.privateKey })
    expect(await errorOf(getSignedUserInfo(config, { ...params, decrypt: wrong }))).toMatchObject({ check: 'key' })
  })

  it.each(['A128KW', 'A256KW', 'dir'])('are opened with the app secret by %s', async (alg) => {
    const { config } = await startProvider(
      { encryption: true },
      {
        id_token_encrypted_response_alg: alg,
        id_token_encrypted_response_enc: 'A128CBC-HS256',
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    )
    const decrypt = async (token: string) => decryptJwt(token, { key: config.secret as string })
    const own = { ...config, fetch: createDecryptingFetch({ decrypt }) } as OidcConfig
    expect((await login(own)).claims.aud).toBe(config.appId)
  })

  it('are insisted on: a sign-in with a plain ID token is refused, unless that is allowed', async () => {
    const { config } = await startProvider({})
    const decrypt = async (token: string) => decryptJwt(token, { key: config.secret as string })
    const opening = (allowPlain?: boolean) =>
      ({ ...config, fetch: createDecryptingFetch({ decrypt, allowPlain }) }) as OidcConfig
    expect(await errorOf(login(opening()))).toMatchObject({
      code: 'response_invalid',
      endpoint: 'token',
      reason: 'shape',
    })
    expect((await login(opening(true))).claims.aud).toBe(config.appId)
  })
})
