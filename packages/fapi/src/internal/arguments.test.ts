import { describe, expect, it } from 'vitest'
import * as fapi from '../index.js'

type Call = (...args: unknown[]) => unknown
// What opens XML throws for validateCasTicket, which makes an error of its own of it.
const functions = Object.entries(fapi as unknown as Record<string, Call>).filter(([name]) => name !== 'parseCasXml')

const outcome = async (call: Call, args: unknown[]): Promise<unknown> => {
  try {
    await call(...args)
  } catch (error) {
    const { name, code } = error as { name: string; code?: string }
    return [name, code]
  }
  return
}
const fetch = async () => Response.json({})
const wait = async () => Promise.reject(Object.assign(new Error('waits'), { name: 'OidcError', code: 'waits' }))
const oidc = { appId: 'app', appHost: 'https://sample-app.genauth.ai', secret: 's'.repeat(32), fetch }

describe('a caller without types', () => {
  it.each(functions)('gets an error of ours from %s, and no TypeError, whatever is handed in', async (_, call) => {
    for (const first of [null, undefined, 5, 'x', oidc, { ...oidc, protocol: 'cas' }])
      for (const second of [null, undefined, 5, 'x', {}, []])
        for (const third of [undefined, null, { fetch, wait }])
          expect([undefined, 'OidcError']).toContain(
            [await outcome(call, [first, second, third, third ? undefined : { fetch, wait }])].flat()[0],
          )
  })

  it.each(['fetchResource', 'readClient', 'deleteClient', 'createSessionCheck', 'useMtlsEndpoints', 'createDpop'])(
    'is told by %s that the config is missing',
    async (name) => {
      const params = {
        url: 'https://api.example.com/',
        accessToken: 'at',
        registrationClientUri: 'https://id.example.com/reg/1',
        registrationAccessToken: 'rat',
        sessionState: 's',
      }
      const call = (fapi as unknown as Record<string, Call>)[name]!
      for (const config of [null, undefined])
        expect(await outcome(call, [config, name === 'createDpop' ? undefined : params, { fetch }])).toEqual([
          'OidcError',
          'config_invalid',
        ])
    },
  )
})
