import type { CasConfig, OidcConfig, SamlConfig } from '@genauth-oidc/core/types'
import type { DPoPHandle } from 'oauth4webapi'
import { expectTypeOf, it } from 'vitest'
import type { createDpop } from './createDpop.js'
import { exchangeToken } from './exchangeToken.js'
import { PrivateKeyJwt } from './PrivateKeyJwt.js'
import { pushAuthorizationRequest } from './pushAuthorizationRequest.js'
import { registerClient } from './registerClient.js'
import { startBackchannelAuthentication } from './startBackchannelAuthentication.js'
import { validateCasTicket } from './validateCasTicket.js'

declare const config: OidcConfig
declare const cas: CasConfig
declare const saml: SamlConfig
declare const key: CryptoKey
declare const link: URL

it('lets misuse fail to compile', () => {
  const subject = { subjectToken: 'a', subjectTokenType: 'access_token' } as const
  void exchangeToken(config, subject)
  // @ts-expect-error an actor's token needs its type
  void exchangeToken(config, { ...subject, actorToken: 'a' })
  // @ts-expect-error a short name that is none
  void exchangeToken(config, { ...subject, requestedTokenType: 'cookie' })

  void startBackchannelAuthentication(config, { loginHint: 'a' })
  // @ts-expect-error one hint, not two
  void startBackchannelAuthentication(config, { loginHint: 'a', idTokenHint: 'b' })
  // @ts-expect-error one hint, not none
  void startBackchannelAuthentication(config, {})

  void validateCasTicket(cas, { ticket: 't', service: 's', format: 'xml', parseXml: JSON.parse })
  // @ts-expect-error XML needs a parser
  void validateCasTicket(cas, { ticket: 't', service: 's', format: 'xml' })
  // @ts-expect-error a ticket is CAS's
  void validateCasTicket(config, { ticket: 't', service: 's' })

  // @ts-expect-error links are all that SAML has
  void pushAuthorizationRequest(saml, link)
  // @ts-expect-error a link, not its text
  void pushAuthorizationRequest(config, 'https://id.example.com/auth')
})

it('lets ordinary code compile', () => {
  const own: OidcConfig = {
    appId: 'a',
    issuer: 'https://id.example.com',
    tokenEndpointAuthMethod: PrivateKeyJwt({ key, kid: 'k' }),
  }
  void pushAuthorizationRequest(own, link)
  void registerClient({ issuer: 'https://id.example.com' }, { metadata: {} })
  void registerClient(config, { metadata: {} })
  expectTypeOf<DPoPHandle>().toExtend<Awaited<ReturnType<typeof createDpop>>>()
})
