import { custom, exactOptional, optional, safeParse, strictObject } from 'valibot'
import { isObject } from './isObject.js'
import { knownAlg } from './knownAlg.js'
import { OidcError } from './OidcError.js'
import { redirectUrl } from './redirectUrl.js'
import { httpsRule, secureUrl } from './secureUrl.js'
import type { ConfigInput, ConfigOf, Protocol } from './types.js'

/**
 * Checks a config and gives back a frozen copy: the one checked way to make one. Unknown keys are refused, so that a
 * misspelt one is not ignored. No default is filled in; each is read where it is used, so that a config written by hand
 * behaves the same. A string secret becomes a function, which no log prints.
 *
 * @param input - the fields; `appId`, `appHost`, `issuer` and `secret` may be `undefined` by type, so that
 *   `process.env.X` compiles, and are then refused by name
 * @returns the frozen config
 * @throws OidcError `config_invalid`, with every wrong field in `issues` and no value of any
 *
 * @example
 * ```ts
 * import { defineConfig } from '@genauth-oidc/core/defineConfig'
 *
 * export const config = defineConfig({
 *   appId: '5f17a529f64fb009b794a2ff',
 *   appHost: 'https://sample-app.genauth.ai',
 *   secret: 'the-app-secret-of-32-characters-or-more',
 *   redirectUri: 'https://app.example.com/callback',
 * })
 * ```
 */
export function defineConfig<P extends Protocol = 'oidc'>(input: ConfigInput<P>): ConfigOf<P> {
  // Read once: what a getter or a proxy gives later is not what was checked.
  const copy = (value: unknown): unknown =>
    Array.isArray(value) ? [...(value as unknown[])] : isObject(value) ? { ...value } : value
  let given: Partial<ConfigInput> | undefined
  try {
    given = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, copy(value)]))
  } catch {}

  const rule = (message: string, test: (value: never) => unknown) =>
    custom<unknown>((value) => !!test(value as never), message)
  const is = (pattern: RegExp) => (value: unknown) => typeof value == 'string' && pattern.test(value)
  const url = rule(httpsRule, (value) => secureUrl(value, given!.allowInsecureRequests))
  const base = rule(
    `${httpsRule}; no query`,
    (value: string) => secureUrl(value, given!.allowInsecureRequests) && !value.includes('?'),
  )
  const method = optional(
    rule(
      'use client_secret_post, client_secret_basic, none or a ClientAuth function',
      (value: unknown) => typeof value == 'function' || is(/^(client_secret_(post|basic)|none)$/)(value),
    ),
  )
  const flag = optional(rule('use true or false', (value: unknown) => typeof value == 'boolean'))
  const upTo = (most: number) =>
    optional(
      rule(`use a number from 0 to ${most}`, (value: number) => Number.isFinite(value) && value >= 0 && value <= most),
    )
  // Messages are our own throughout: valibot's quote the value.
  const object = <E extends Parameters<typeof strictObject>[0]>(entries: E) =>
    strictObject(entries, ({ expected }) => (expected == 'never' ? 'remove it: there is no such field' : 'set it'))

  const result = safeParse(
    object({
      appId: rule("set it to the application's id, a non-empty string", is(/./)),
      appHost: exactOptional(base),
      issuer: exactOptional(base),
      secret: exactOptional(
        rule(
          'set a non-empty string or a function that gives one',
          (value) => typeof value == 'function' || is(/./)(value),
        ),
      ),
      endpoints: optional(
        object({
          authorization: optional(url),
          token: optional(url),
          userInfo: optional(url),
          jwks: optional(url),
          introspection: optional(url),
          revocation: optional(url),
          endSession: optional(url),
        }),
      ),
      redirectUri: optional(
        rule('set an absolute URL without fragment and credentials', (value) => redirectUrl(value)),
      ),
      protocol: optional(rule('use oidc, oauth, saml or cas', is(/^(oidc|oauth|saml|cas)$/))),
      tokenEndpointAuthMethod: method,
      introspectionEndpointAuthMethod: method,
      revocationEndpointAuthMethod: method,
      idTokenSigningAlgs: optional(
        rule(
          'list at least one of HS256, RS256, ES256, ...',
          (value: unknown[]) => Array.isArray(value) && value.length && value.every(knownAlg),
        ),
      ),
      requireIss: flag,
      allowInsecureRequests: flag,
      clockTolerance: upTo(300),
      timeout: upTo(2 ** 31 - 1),
      fetch: optional(rule('give a fetch-shaped function', (value: unknown) => typeof value == 'function')),
    }),
    given,
  )
  const issues = (result.issues ?? []).map(({ path, message }) => ({
    path: path?.map(({ key }) => key).join('.') ?? 'config',
    message,
  }))
  const config = given ?? {}
  if (config.appHost === undefined && config.issuer === undefined && !('appHost' in config || 'issuer' in config))
    issues.push({ path: 'appHost', message: "set it to the application's GenAuth address, or set issuer" })
  for (const at of ['token', 'introspection', 'revocation'] as const) {
    const field = `${at}EndpointAuthMethod` as const
    if (!('secret' in config) && is(/^client_secret/)(config[field]))
      issues.push({ path: 'secret', message: `set it, or say ${field}: 'none'` })
  }
  if (issues.length)
    throw new OidcError(
      'config_invalid',
      `The config is not usable: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}.`,
      { issues },
    )
  const { appHost, secret, endpoints, idTokenSigningAlgs } = config
  return Object.freeze({
    ...config,
    ...(appHost && { appHost: appHost.replace(/\/+$/, '') }),
    ...(typeof secret == 'string' && { secret: () => secret }),
    ...(endpoints && { endpoints: Object.freeze(endpoints) }),
    ...(idTokenSigningAlgs && { idTokenSigningAlgs: Object.freeze(idTokenSigningAlgs) }),
  }) as ConfigOf<P>
}
