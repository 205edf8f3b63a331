import { buildSamlUrl } from '@genauth-oidc/fapi/buildSamlUrl'
import { parseCasXml } from '@genauth-oidc/fapi/parseCasXml'
import { validateCasTicket } from '@genauth-oidc/fapi/validateCasTicket'
import type { CasConfig } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import { describe, expect, it } from 'vitest'
import { errorOf, startProvider } from './support/fapi.js'

describe('CAS', () => {
  const formats = [
    ['text', { format: 'text' }],
    ['json', {}],
    ['xml', { format: 'xml', parseXml: parseCasXml }],
  ] as const

  it.each(formats)('tells by %s whose ticket it is, once, and for its service only', async (_, format) => {
    const { config: oidc } = await startProvider({})
    const config: CasConfig = {
      appId: oidc.appId,
      appHost: oidc.appHost!,
      protocol: 'cas',
      allowInsecureRequests: true,
    }
    const service = `${oidc.redirectUri!}?from=cas&x=1`
    const cookies = new Map<string, string>()
    const ticketFor = async () => {
      const { url } = await signIn(buildAuthorizeUrl(config, { service }), { user: 'alice & bob <x>', cookies })
      return new URL(url).searchParams.get('ticket')!
    }
    const ticket = await ticketFor()
    expect(await validateCasTicket(config, { ticket, service, ...format })).toMatchObject({ user: 'alice & bob <x>' })
    const again = await errorOf(validateCasTicket(config, { ticket, service, ...format }))
    expect(again).toMatchObject({ code: 'endpoint_error', endpoint: 'casValidation', error: 'INVALID_TICKET' })
    expect(JSON.stringify(again)).not.toContain(ticket)
    const other = await ticketFor()
    expect(
      await errorOf(validateCasTicket(config, { ticket: other, service: 'https://evil.example/', ...format })),
    ).toMatchObject({ code: 'endpoint_error', error: format === formats[0][1] ? 'INVALID_TICKET' : 'INVALID_SERVICE' })

    const page = await fetch(buildLogoutUrl(config, { redirectUri: oidc.redirectUri! }), { redirect: 'manual' })
    expect([page.status, page.headers.get('location')]).toEqual([303, oidc.redirectUri])
  })
})

describe('SAML', () => {
  it('is begun by a link that carries the relay state', () => {
    const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai', protocol: 'saml' } as const
    expect(buildSamlUrl(config, { relayState: 'orders & more' }).href).toBe(
      'https://sample-app.genauth.ai/api/v2/saml-idp/an-app-id?RelayState=orders+%26+more',
    )
    expect(() => buildSamlUrl(config, { relayState: 'ä'.repeat(41) })).toThrow(/relayState/)
  })
})
