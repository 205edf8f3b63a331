import { describe, expect, it } from 'vitest'
import { answering, errorOf, formOf, type Given } from '../test/answering.js'
import { pollBackchannelToken } from './pollBackchannelToken.js'
import { pollDeviceToken } from './pollDeviceToken.js'
import { startBackchannelAuthentication } from './startBackchannelAuthentication.js'
import { startDeviceAuthorization } from './startDeviceAuthorization.js'

const config = {
  appId: 'app',
  appHost: 'https://sample-app.genauth.ai',
  secret: 'the-app-secret-of-32-characters-or-more',
} as const
const refused = (error: string): Given => ({ status: 400, body: { error } })
const tokens: Given = { body: { access_token: 'at', token_type: 'bearer' } }
const now = 1_700_000_000_000
const device = {
  deviceCode: 'the-device-code',
  userCode: 'ABCD',
  verificationUri: 'https://x.example',
  interval: 5,
  expiresAt: now / 1000 + 600,
}

/** Time passes only by waiting. */
function patience(signalAfter?: [number, AbortController]) {
  const waits: number[] = []
  let time = now
  return {
    waits,
    options: {
      now: () => time,
      wait: async (milliseconds: number) => {
        waits.push(milliseconds / 1000)
        time += milliseconds
        if (signalAfter && waits.length === signalAfter[0]) signalAfter[1].abort('why')
      },
    },
  }
}

describe('pollDeviceToken (RFC 8628 section 3.5)', () => {
  it.each<[string, (Given | Error)[], number[]]>([
    ['waits before each question', [refused('authorization_pending'), tokens], [5, 5]],
    [
      'adds five seconds for good when told to slow down',
      [refused('slow_down'), refused('authorization_pending'), refused('slow_down'), tokens],
      [5, 10, 10, 15],
    ],
    [
      'asks less often while the server is not there',
      [new TypeError('fetch failed'), new TypeError('fetch failed'), tokens],
      [5, 10, 20],
    ],
  ])('%s', async (_, answers, expected) => {
    const { waits, options } = patience()
    const { fetch, sent } = answering(...answers)
    expect(await pollDeviceToken(config, device, { ...options, fetch })).toMatchObject({ access_token: 'at' })
    expect(waits).toEqual(expected)
    expect(formOf(sent[0])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'the-device-code',
    })
  })

  it.each(['access_denied', 'expired_token', 'invalid_client', 'invalid_grant', 'server_error'])(
    'stops at %s',
    async (error) => {
      const { options } = patience()
      const { fetch, sent } = answering(refused('authorization_pending'), refused(error))
      expect(await errorOf(() => pollDeviceToken(config, device, { ...options, fetch }))).toMatchObject({ error })
      expect(sent).toHaveLength(2)
    },
  )

  it('stops by itself when the code has expired', async () => {
    const { options } = patience()
    const { fetch, sent } = answering(refused('authorization_pending'))
    expect(
      await errorOf(() => pollDeviceToken(config, { ...device, expiresAt: now / 1000 + 12 }, { ...options, fetch })),
    ).toMatchObject({
      code: 'endpoint_error',
      error: 'expired_token',
    })
    expect(sent).toHaveLength(2)
    expect(
      await errorOf(() => pollDeviceToken(config, { ...device, expiresAt: NaN }, { ...options, fetch })),
    ).toMatchObject({ error: 'expired_token' })
  })

  it('waits no longer than the code is good for, nor than a timer can', async () => {
    const pending = answering(refused('authorization_pending'))
    for (const [interval, expiresIn, first] of [
      [3_000_000, 12, 12],
      [Infinity, 12, 12],
      [0, 12, 5],
      [NaN, 12, 5],
      [3_000_000, 4_000_000, 2 ** 31 / 1000 - 1],
    ] as const) {
      const { waits, options } = patience()
      const asked = { ...device, interval, expiresAt: now / 1000 + expiresIn }
      expect(await errorOf(() => pollDeviceToken(config, asked, { ...options, fetch: pending.fetch }))).toMatchObject({
        error: 'expired_token',
      })
      expect(waits[0]).toBe(first)
      expect(waits.reduce((a, b) => a + b)).toBeCloseTo(expiresIn)
    }
  })

  it('ends with its signal, and asks nothing more', async () => {
    const stop = new AbortController()
    const { options } = patience([2, stop])
    const { fetch, sent } = answering(refused('authorization_pending'))
    expect(
      await errorOf(() => pollDeviceToken(config, device, { ...options, fetch, signal: stop.signal })),
    ).toMatchObject({ code: 'aborted', cause: 'why', mayHaveArrived: false })
    expect(sent).toHaveLength(1)
  })

  it('refuses a token that is not bound although a proof was sent', async () => {
    const { createDpop } = await import('./createDpop.js')
    const { options } = patience()
    const { fetch } = answering(tokens)
    const dpop = await createDpop(config)
    expect(await errorOf(() => pollDeviceToken(config, device, { ...options, fetch, dpop }))).toMatchObject({
      code: 'response_invalid',
      reason: 'token_type',
    })
  })
})

describe('startDeviceAuthorization (RFC 8628 section 3.2)', () => {
  const body = { device_code: 'd', user_code: 'u', verification_uri: 'https://id.example.com/device', expires_in: 60 }

  it('waits five seconds where the server names no interval', async () => {
    const { fetch, sent } = answering({ body })
    expect(await startDeviceAuthorization(config, { scope: 'openid' }, { fetch, now })).toEqual({
      deviceCode: 'd',
      userCode: 'u',
      verificationUri: body.verification_uri,
      verificationUriComplete: undefined,
      interval: 5,
      expiresAt: now / 1000 + 60,
    })
    expect(sent[0]!.url).toBe('https://sample-app.genauth.ai/oidc/device/auth')
  })

  it.each([
    ['no device_code', { device_code: undefined }],
    ['no user_code', { user_code: '' }],
    ['an address that runs code', { verification_uri: 'javascript:alert(1)' }],
    ['a complete address that is none', { verification_uri_complete: 'u' }],
    ['no expires_in', { expires_in: undefined }],
    ['a negative interval', { interval: -1 }],
  ])('refuses %s', async (_, change) => {
    const { fetch } = answering({ body: { ...body, ...change } })
    expect(await errorOf(() => startDeviceAuthorization(config, {}, { fetch }))).toMatchObject({ reason: 'shape' })
  })
})

describe('back-channel sign-in (CIBA)', () => {
  it('is asked for with exactly one hint', async () => {
    const { fetch, sent } = answering({ body: { auth_req_id: 'r', expires_in: 60, interval: 2 } })
    const begun = await startBackchannelAuthentication(
      config,
      {
        loginHint: 'alice',
        bindingMessage: 'Ref 42',
        requestedExpiry: 30,
        acrValues: 'high',
        resource: 'https://a.example/',
      },
      { fetch, now },
    )
    expect(begun).toEqual({ authReqId: 'r', interval: 2, expiresAt: now / 1000 + 60 })
    expect(formOf(sent[0])).toMatchObject({
      login_hint: 'alice',
      binding_message: 'Ref 42',
      requested_expiry: '30',
      acr_values: 'high',
    })
    for (const params of [{}, { loginHint: 'a', idTokenHint: 'b' }, { loginHint: '' }])
      expect(await errorOf(() => startBackchannelAuthentication(config, params as never, { fetch }))).toMatchObject({
        argument: 'loginHint',
      })
    expect(
      await errorOf(() =>
        startBackchannelAuthentication(config, { loginHint: 'a', clientNotificationToken: 'short' }, { fetch }),
      ),
    ).toMatchObject({ argument: 'clientNotificationToken' })
  })

  it('asks at once when the provider has called', async () => {
    const { waits, options } = patience()
    const { fetch, sent } = answering(tokens)
    await pollBackchannelToken(
      config,
      { authReqId: 'r', interval: 5, expiresAt: device.expiresAt },
      { ...options, fetch, pinged: true },
    )
    expect(waits).toEqual([])
    expect(formOf(sent[0])).toMatchObject({ grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: 'r' })
  })
})
