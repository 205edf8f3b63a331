import { ask, type Judge, type Question } from '@genauth-oidc/core/ask'
import { authenticate } from '@genauth-oidc/core/authenticate'
import { configError } from '@genauth-oidc/core/configError'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { OidcError } from '@genauth-oidc/core/OidcError'
import type { EndpointName, RequestOptions, TokenConfig } from '@genauth-oidc/core/types'

/**
 * Adds the client's authentication as `authenticate` of core does; when it fails, the error names the setting that is used.
 *
 * @param config - an oidc or oauth config
 * @param at - which endpoint's method
 * @param url - that endpoint
 * @param form - the body, to which fields may be added
 * @returns the headers to send, and the secret where one of them holds it
 * @throws OidcError `config_invalid`
 */
export async function authenticated(
  config: TokenConfig,
  at: 'token' | 'introspection',
  url: URL,
  form: URLSearchParams,
): Promise<Pick<Question, 'headers' | 'secret'>> {
  try {
    return await authenticate(config, at, url, form)
  } catch (error) {
    // What a key or a ClientAuth function throws is not ours to show.
    throw error instanceof OidcError
      ? error
      : configError(`${at}EndpointAuthMethod`, 'give a function that does not fail')
  }
}

/**
 * Posts a form to an endpoint where the client authenticates as at the token endpoint.
 *
 * @param config - an oidc or oauth config
 * @param name - the endpoint's, for errors
 * @param url - where to
 * @param fields - the form
 * @param options - how to run it
 * @param judge - reads the body
 * @param alone - whether the client is not authenticated, as GenAuth's own grant wants it
 * @returns what `judge` returns
 */
export async function askAsClient<T>(
  config: TokenConfig,
  name: EndpointName,
  url: URL,
  fields: URLSearchParams,
  options: RequestOptions | undefined,
  judge: Judge<T>,
  alone?: boolean,
): Promise<T> {
  // The audience of an assertion is the token endpoint's address, or the issuer, at the others too (RFC 9126 section 2).
  const token = endpoint(config, 'token', 'token')
  return ask(
    config,
    name,
    url,
    async () => {
      const form = new URLSearchParams(fields)
      return { form, ...(alone ? {} : await authenticated(config, 'token', token, form)) }
    },
    options,
    judge,
  )
}
