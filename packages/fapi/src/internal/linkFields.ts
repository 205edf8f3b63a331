import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { endpoint } from '@genauth-oidc/core/endpoint'
import type { JsonObject, TokenConfig } from '@genauth-oidc/core/types'
import type { LinkParams } from '../types.js'
import { toText } from './toText.js'

/**
 * What a link asks for, as the fields of a request that is sent another way.
 *
 * @param config - an oidc or oauth config
 * @param params - the link, and what it does not say by itself
 * @returns the fields, without those of the endpoint's own address
 * @throws OidcError `argument_invalid`
 */
export function linkFields(config: TokenConfig, params: URL | LinkParams): URLSearchParams {
  const { link, authorizationDetails, resource } =
    params instanceof URL ? ({ link: params } as LinkParams) : (Object(params) as LinkParams)
  if (!(link instanceof URL) || link.searchParams.get('client_id') !== appId(config))
    throw argumentError('link', 'a URL from buildAuthorizeUrl or beginLogin with this config')
  const fields = new URLSearchParams(link.searchParams)
  for (const name of endpoint(config, 'authorization', 'auth').searchParams.keys()) fields.delete(name)
  // Said twice, the one may be what was shown and the other what counts (RFC 6749 section 3.1).
  for (const name of fields.keys())
    if (name != 'resource' && fields.getAll(name).length > 1) throw argumentError('link', `one with a single ${name}`)
  if (fields.has('request_uri')) throw argumentError('link', 'one that was not pushed before')
  if (fields.has('request') && (authorizationDetails !== undefined || resource !== undefined))
    throw argumentError('link', 'unsigned where something is added: sign it afterwards')
  if (authorizationDetails !== undefined) {
    fields.set('authorization_details', detailsText(authorizationDetails))
  }
  for (const one of resources(resource)) fields.append('resource', one)
  return fields
}

/**
 * Authorization details (RFC 9396 section 2) as a field.
 *
 * @param details - what the caller gave
 * @returns JSON
 * @throws OidcError `argument_invalid`
 */
export function detailsText(details: unknown): string {
  if (!Array.isArray(details) || !details.every((one) => typeof (one as JsonObject | null)?.type == 'string'))
    throw argumentError('authorizationDetails', 'a list of objects with a type')
  return toText(details, 'authorizationDetails')
}

/**
 * Resource indicators (RFC 8707 section 2), each an absolute URI without fragment.
 *
 * @param resource - one, several or none
 * @returns a list
 * @throws OidcError `argument_invalid`
 */
export function resources(resource: string | readonly string[] | undefined): readonly string[] {
  const list: unknown = resource === undefined ? [] : typeof resource == 'string' ? [resource] : resource
  for (const one of Array.isArray(list) ? (list as unknown[]) : [list])
    if (typeof one != 'string' || !/^[a-z][a-z\d+.-]*:[^\s#]+$/i.test(one))
      throw argumentError('resource', 'an absolute URI without fragment')
  return list as string[]
}
