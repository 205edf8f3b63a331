import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import type { Bad } from '@genauth-oidc/core/ask'
import { clean } from '@genauth-oidc/core/clean'
import { configError } from '@genauth-oidc/core/configError'
import { isObject } from '@genauth-oidc/core/isObject'
import { OidcError } from '@genauth-oidc/core/OidcError'
import { requireObject } from '@genauth-oidc/core/requireObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { CasConfig, JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import { vendorUrl } from '@genauth-oidc/core/vendorUrl'
import { send, toJson } from './internal/send.js'

/** A ticket, and how to ask for it. */
export type CasTicketParams = {
  /** From the callback's `ticket`. It can be used once. */
  readonly ticket: string
  /** The address that the ticket was sent to, as in the link. */
  readonly service: string
} & (
  | {
      /** `text` is CAS 1.0, `json` CAS 2.0. Default: `json`. */
      readonly format?: 'json' | 'text' | undefined
      readonly parseXml?: undefined
    }
  | {
      readonly format: 'xml'
      /** `parseCasXml`, or a parser of your own that gives what the JSON form would hold. */
      readonly parseXml: (xml: string) => unknown
    }
)

/** A user that CAS vouches for. */
export interface CasUser {
  readonly user: string
  /** What else the server says of the user; empty in the text form. */
  readonly attributes: JsonObject
}

/**
 * Asks GenAuth's CAS whose ticket this is.
 *
 * @param config - a cas config
 * @param params - the ticket and where it came; `format: 'xml'` needs `parseXml`
 * @param options - how to run it
 * @returns the user: now make a session of your own
 * @throws OidcError `endpoint_error` (`INVALID_TICKET`, `INVALID_SERVICE`: nobody is signed in), `response_invalid`,
 *   `argument_invalid`, `config_invalid`, `network`, `timeout`, `aborted`
 * @see CAS Protocol 3.0 sections 2.4 and 2.5
 *
 * @example
 * ```ts
 * import { validateCasTicket } from '@genauth-oidc/fapi/validateCasTicket'
 *
 * const config = { appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai', protocol: 'cas' } as const
 * export const whose = async (ticket: string) =>
 *   (await validateCasTicket(config, { ticket, service: 'https://app.example.com/cas' })).user
 * ```
 */
export async function validateCasTicket(
  config: CasConfig,
  params: CasTicketParams,
  options?: RequestOptions,
): Promise<CasUser> {
  if (config?.protocol !== 'cas') throw configError('protocol', 'use cas to check a ticket')
  const { format = 'json', parseXml } = requireObject(params, 'params')
  if (!['json', 'text', 'xml'].includes(format)) throw argumentError('format', 'json, text or xml')
  if (format == 'xml' && typeof parseXml != 'function')
    throw argumentError('parseXml', 'parseCasXml, or one of your own')
  const ticket = requireString(params.ticket, 'ticket')
  const url = vendorUrl(
    config,
    `/cas-idp/${encodeURIComponent(appId(config))}/${format == 'text' ? 'validate' : 'serviceValidate'}`,
  )
  url.searchParams.set('service', requireString(params.service, 'service'))
  url.searchParams.set('ticket', ticket)
  if (format != 'text') url.searchParams.set('format', format.toUpperCase())
  const refused = (error: unknown, words?: unknown) =>
    new OidcError('endpoint_error', 'The casValidation endpoint refused the ticket: do not sign the user in.', {
      endpoint: 'casValidation',
      status: 200,
      error: clean(error, [ticket]),
      errorDescription: clean(words, [ticket]),
    })
  const read = (body: unknown, bad: Bad): CasUser => {
    const { serviceResponse } = isObject(body) ? body : ({} as JsonObject)
    const { authenticationSuccess: yes, authenticationFailure: no } = isObject(serviceResponse) ? serviceResponse : {}
    // Both at once is no answer to rely on.
    if (isObject(no) && yes === undefined && typeof no.code == 'string') throw refused(no.code, no.description)
    if (!isObject(yes) || no !== undefined || typeof yes.user != 'string' || !yes.user)
      throw bad('shape', 'it says neither yes with one user nor no')
    return { user: yes.user, attributes: isObject(yes.attributes) ? yes.attributes : {} }
  }
  return send(config, 'casValidation', url, () => ({}), options, {
    status: 200,
    type: format == 'json' ? 'application/json' : null,
    judge: (text, bad) => {
      if (format == 'text') {
        const [, word, user] = /^(yes|no)\r?\n([^\r\n]*)\r?\n?$/.exec(text) ?? []
        if (word == 'no') throw refused('INVALID_TICKET')
        if (!user) throw bad('shape', 'it says neither yes with a user nor no')
        return { user, attributes: {} }
      }
      if (format == 'json') return read(toJson(text, bad), bad)
      let body: unknown
      try {
        body = parseXml!(text)
      } catch {
        throw bad('encoding', 'it is no XML of a CAS server')
      }
      return read(body, bad)
    },
  })
}
