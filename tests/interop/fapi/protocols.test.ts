import { buildSamlUrl } from '@genauth-oidc/fapi/buildSamlUrl'
import { parseCasXml } from '@genauth-oidc/fapi/parseCasXml'
import { trackCasSession } from '@genauth-oidc/fapi/trackCasSession'
import { validateCasTicket } from '@genauth-oidc/fapi/validateCasTicket'
import type { CasConfig } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { signOut } from '@genauth-oidc/emulator/signOut'
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

describe('the session at CAS', () => {
  const start = async () => {
    const { config: oidc } = await startProvider({})
    const { appId, appHost, redirectUri } = oidc
    const config = { appId, appHost: appHost!, protocol: 'cas', allowInsecureRequests: true } as const
    const cookies = new Map<string, string>()
    /** The Cookie header that this browser sends to GenAuth. */
    const cookie = () => [...cookies].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ')
    return { config, cookies, cookie, link: buildAuthorizeUrl(config, { service: redirectUri! }) }
  }

  it('is told by the cookie of whoever signed in, and is gone after the logout', async () => {
    const { config, cookies, cookie, link } = await start()
    expect(await trackCasSession(config)).toBeNull()
    await signIn(link, { user: 'alice', cookies })
    const kept = cookie()
    expect(await trackCasSession(config, { cookie: kept })).toMatchObject({
      session: { cookie: { appId: config.appId, type: 'cas' } },
      userInfo: { username: 'alice' },
    })
    // Without the cookie nobody is known, however often the user has signed in.
    expect(await trackCasSession(config)).toBeNull()
    await signOut(buildLogoutUrl(config), { cookies })
    expect(await trackCasSession(config, { cookie: kept })).toBeNull()
    expect(await trackCasSession(config, { cookie: cookie() || 'none=1' })).toBeNull()
  })

  it('is each browser’s own: an unknown cookie and one of another GenAuth open none', async () => {
    const [here, there] = [await start(), await start()]
    await signIn(here.link, { user: 'alice', cookies: here.cookies })
    await signIn(there.link, { user: 'bob', cookies: there.cookies })
    const who = async (config: CasConfig, cookie: string) =>
      (await trackCasSession(config, { cookie }))?.userInfo?.username ?? null
    expect(await who(here.config, here.cookie())).toBe('alice')
    expect(await who(there.config, there.cookie())).toBe('bob')
    expect(await who(here.config, there.cookie())).toBeNull()
    expect(await who(here.config, here.cookie().slice(0, -1))).toBeNull()
    expect(await who(here.config, 'genauth_cas_session=unknown')).toBeNull()
    // Another browser of the same user has a session of its own, which a logout elsewhere leaves alone.
    const second = new Map<string, string>()
    await signIn(here.link, { user: 'alice', cookies: second })
    await signOut(buildLogoutUrl(here.config), { cookies: second })
    expect(await who(here.config, here.cookie())).toBe('alice')
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
