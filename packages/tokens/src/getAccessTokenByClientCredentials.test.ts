import { describe, expect, it } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { appHost, appId, at, config, fakeFetch, json, now } from '../../../tests/support/tokens.js'
import type { TokenConfig } from '@genauth-oidc/core/types'
import { getAccessTokenByClientCredentials } from './getAccessTokenByClientCredentials.js'

const account = { scope: 'orders:read orders:write', accessKey: 'an-access-key', accessSecret: 'its+secret/=&' }
const answer = { access_token: 'machine', token_type: 'Bearer', expires_in: 60, scope: 'orders:read' }
const run = async (body: unknown = answer, params: unknown = account, fields: object = config) => {
  const { fetch, calls } = fakeFetch(() => body)
  const tokens = await getAccessTokenByClientCredentials(fields as TokenConfig, params as never, { fetch, ...at() })
  return { tokens, calls }
}

describe('client credentials [L106]', () => {
  it("are the account's keys, in the body", async () => {
    const { calls } = await run()
    expect(calls.map(({ method, url }) => `${method} ${url.href}`)).toEqual([`POST ${appHost}/oidc/token`])
    expect(Object.fromEntries(calls[0]?.form ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: account.accessKey,
      client_secret: account.accessSecret,
      scope: account.scope,
    })
  })

  it.each(['client_secret_basic', 'client_secret_post', 'none'])(
    "are sent by one method: never the application's own %s too [R8]",
    async (method) => {
      const { calls } = await run(answer, account, { ...config, tokenEndpointAuthMethod: method })
      expect(calls[0]?.headers).not.toHaveProperty('authorization')
      expect(calls[0]?.form.getAll('client_id')).toEqual([account.accessKey])
      expect(calls[0]?.form.getAll('client_secret')).toEqual([account.accessSecret])
    },
  )

  it('need no secret of the application, and go below /oauth for that protocol', async () => {
    const { calls } = await run(answer, account, { appId, appHost, protocol: 'oauth' })
    expect(calls[0]?.url.href).toBe(`${appHost}/oauth/token`)
  })

  it('give a token, its expiry and the scope that was granted, and no claims [C34]', async () => {
    const { tokens } = await run({ ...answer, id_token: 'ignored-here' })
    expect(tokens).toMatchObject({ ...answer, expires_at: now + 60 })
    expect(tokens).not.toHaveProperty('claims')
  })

  it.each(['scope', 'accessKey', 'accessSecret'])('need %s by name', async (name) => {
    for (const none of [undefined, null, '', 5, {}, ['a'], Symbol('a')])
      expect((await failure(() => run(answer, { ...account, [name]: none }), 'argument_invalid')).argument).toBe(name)
  })

  it.each([false, null, 5, 'account', []])('are no %j', async (none) => {
    expect((await failure(() => run(answer, none), 'argument_invalid')).argument).toBe('params')
  })

  it("are refused with the server's own words", async () => {
    const error = await failure(
      () => run(json({ error: 'invalid_client', error_description: 'no such account' }, 401)),
      'endpoint_error',
    )
    expect(error).toMatchObject({
      endpoint: 'token',
      status: 401,
      error: 'invalid_client',
      errorDescription: 'no such account',
    })
  })

  it('give nothing when the answer is not whole', async () => {
    for (const body of [{}, { access_token: 'x' }, { token_type: 'Bearer' }, { ...answer, access_token: 'a b' }])
      expect(['shape', 'token_type']).toContain((await failure(() => run(body), 'response_invalid')).reason)
  })

  it.each(['saml', 'cas', undefined])('are not asked for with a config of %s', async (protocol) => {
    await failure(() => run(answer, account, protocol ? { ...config, protocol } : []), 'config_invalid')
  })
})
