import { describe, expect, it } from 'vitest'
import { answering, errorOf, type Given } from '../test/answering.js'
import { parseCasXml } from './parseCasXml.js'
import { validateCasTicket } from './validateCasTicket.js'

const config = { appId: 'app', appHost: 'https://sample-app.genauth.ai', protocol: 'cas' } as const
const params = { ticket: 'ST-the-ticket', service: 'https://app.example.com/cas?a=1&b=2' }
const response = (inside: object): Given => ({ body: { serviceResponse: inside } })

describe('validateCasTicket', () => {
  it('asks with service and ticket encoded, by GenAuth’s paths', async () => {
    const text = answering({ body: 'yes\nalice\n', type: 'text/html' })
    expect(await validateCasTicket(config, { ...params, format: 'text' }, { fetch: text.fetch })).toEqual({
      user: 'alice',
      attributes: {},
    })
    const json = answering(response({ authenticationSuccess: { user: 'alice', attributes: { email: 'a@b.c' } } }))
    expect(await validateCasTicket(config, params, { fetch: json.fetch })).toEqual({
      user: 'alice',
      attributes: { email: 'a@b.c' },
    })
    const query = 'service=https%3A%2F%2Fapp.example.com%2Fcas%3Fa%3D1%26b%3D2&ticket=ST-the-ticket'
    expect([text.sent[0]!.url, json.sent[0]!.url]).toEqual([
      `https://sample-app.genauth.ai/cas-idp/app/validate?${query}`,
      `https://sample-app.genauth.ai/cas-idp/app/serviceValidate?${query}&format=JSON`,
    ])
  })

  it.each<[string, Given]>([
    ['neither yes nor no', response({})],
    ['yes and no at once', response({ authenticationSuccess: { user: 'a' }, authenticationFailure: { code: 'X' } })],
    ['yes without a user', response({ authenticationSuccess: {} })],
    ['two users', response({ authenticationSuccess: { user: ['a', 'b'] } })],
    ['a user that is no text', response({ authenticationSuccess: { user: 7 } })],
    ['no without a code', response({ authenticationFailure: {} })],
    ['a page', { body: '<html></html>', type: 'text/html' }],
    ['an error of the server', { status: 500 }],
  ])('signs nobody in for %s', async (_, answer) => {
    const { fetch } = answering(answer)
    expect(await errorOf(() => validateCasTicket(config, params, { fetch }))).toMatchObject({
      code: 'response_invalid',
      endpoint: 'casValidation',
    })
  })

  it.each(['yes\n', 'yes', 'YES\nalice', 'yes\nalice\nadmin\n', ' yes\nalice', '', '{"code":1}'])(
    'signs nobody in for the text %j',
    async (body) => {
      const { fetch } = answering({ body, type: 'text/plain' })
      expect(await errorOf(() => validateCasTicket(config, { ...params, format: 'text' }, { fetch }))).toMatchObject({
        reason: 'shape',
      })
    },
  )

  it('tells the server’s no, without the ticket', async () => {
    const failure = { code: 'INVALID_TICKET', description: 'Ticket ST-the-ticket not recognized' }
    const { fetch } = answering(response({ authenticationFailure: failure }))
    expect(await errorOf(() => validateCasTicket(config, params, { fetch }))).toMatchObject({
      code: 'endpoint_error',
      error: 'INVALID_TICKET',
      errorDescription: 'Ticket [redacted] not recognized',
    })
  })

  it('makes one of its own errors of what the parser throws', async () => {
    const { fetch } = answering({ body: '<!DOCTYPE x><x/>', type: 'application/xml' })
    const xml = { ...params, format: 'xml', parseXml: parseCasXml } as const
    expect(await errorOf(() => validateCasTicket(config, xml, { fetch }))).toMatchObject({ code: 'response_invalid' })
  })

  it('spends no ticket on an answer that it can not read', async () => {
    const { fetch, sent } = answering(response({}))
    const ask = async (more: object) => errorOf(() => validateCasTicket(config, { ...params, ...more }, { fetch }))
    expect(await ask({ format: 'xml' })).toMatchObject({ code: 'argument_invalid', argument: 'parseXml' })
    expect(await ask({ format: 'XML', parseXml: parseCasXml })).toMatchObject({ argument: 'format' })
    expect(sent).toHaveLength(0)
  })

  it('is for protocol cas', async () => {
    const oidc = { ...config, protocol: 'oidc' } as never
    expect(await errorOf(() => validateCasTicket(oidc, params))).toMatchObject({ code: 'config_invalid' })
  })
})
