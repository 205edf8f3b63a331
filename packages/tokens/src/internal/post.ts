import { ask, type Judge } from '@genauth-oidc/core/ask'
import { authenticate } from '@genauth-oidc/core/authenticate'
import { configError } from '@genauth-oidc/core/configError'
import { endpoint } from '@genauth-oidc/core/endpoint'
import { isObject } from '@genauth-oidc/core/isObject'
import { requireString } from '@genauth-oidc/core/requireString'
import type { Config, RequestOptions, TokenConfig } from '@genauth-oidc/core/types'

/** Refuses what a caller without types may hand in: links are all that the other protocols have. */
export function tokenProtocol(config: Config): void {
  if (!isObject(config) || ![undefined, 'oidc', 'oauth'].includes(config.protocol))
    throw configError('protocol', 'use oidc or oauth')
}

/**
 * Posts a form to one of the three endpoints that authenticate the client. Fields that are undefined are left out.
 *
 * @param config - an oidc or oauth config
 * @param at - the endpoint, and whose authentication method is used
 * @param route - GenAuth's path
 * @param fields - the form
 * @param options - how to run it
 * @param judge - reads the answer; left out where its body means nothing
 * @returns what `judge` returns
 */
export function post<T>(
  config: TokenConfig,
  at: 'token' | 'introspection' | 'revocation',
  route: string,
  fields: Record<string, string | undefined>,
  options?: RequestOptions,
  judge?: Judge<T>,
): Promise<T> {
  tokenProtocol(config)
  const url = endpoint(config, at, route)
  return ask(
    config,
    at,
    url,
    async () => {
      const form = new URLSearchParams()
      for (const [name, value] of Object.entries(fields))
        if (value !== undefined) form.set(name, requireString(value, name))
      return { form, ...(await authenticate(config, at, url, form)) }
    },
    options,
    judge,
  )
}
