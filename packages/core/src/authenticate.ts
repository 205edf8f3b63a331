import { appId } from './appId.js'
import { authMethod } from './authMethod.js'
import { issuer } from './issuer.js'
import { readSecret } from './readSecret.js'
import type { Question } from './ask.js'
import type { TokenConfig } from './types.js'

/**
 * Adds the client's authentication to a request, by exactly one method (RFC 6749 section 2.3).
 *
 * @param config - an oidc or oauth config
 * @param at - which endpoint's method
 * @param url - the endpoint
 * @param form - the body, to which fields may be added
 * @returns the headers to send, and the secret where one of them holds it
 * @throws OidcError `config_invalid`; and what a ClientAuth function throws, which `ask` hides
 */
export async function authenticate(
  config: TokenConfig,
  at: 'token' | 'introspection' | 'revocation',
  url: URL,
  form: URLSearchParams,
): Promise<Pick<Question, 'headers' | 'secret'>> {
  const method = authMethod(config, at)
  const id = appId(config)
  if (typeof method == 'function') {
    const headers = new Headers()
    await method({ issuer: issuer(config), token_endpoint: url.href }, { client_id: id }, form, headers)
    return { headers: Object.fromEntries(headers) }
  }
  const secret = method == 'none' ? undefined : await readSecret(config)
  if (method == 'client_secret_basic')
    // The form encoding of the URL standard, for id and secret apart (RFC 6749 section 2.3.1); the first "=" stands between.
    return {
      headers: { authorization: `Basic ${btoa(`${new URLSearchParams([[id, secret!]])}`.replace('=', ':'))}` },
      secret,
    }
  form.set('client_id', id)
  if (secret) form.set('client_secret', secret)
  return {}
}
