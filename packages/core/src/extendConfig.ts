import { configError } from './configError.js'
import { defineConfig } from './defineConfig.js'
import type { ConfigInput, ConfigOf, ConfigPatch, Protocol } from './types.js'

/**
 * Makes a new config from one with some fields changed; the first stays as it is. The protocol can't be changed, nor
 * the issuer of a config that names its endpoints, as a discovered one does: they would belong to another server.
 *
 * @param config - any config
 * @param patch - the fields to change
 * @returns the new frozen config
 * @throws OidcError `config_invalid`, as `defineConfig`
 *
 * @example
 * ```ts
 * import { defineConfig } from '@genauth-oidc/core/defineConfig'
 * import { extendConfig } from '@genauth-oidc/core/extendConfig'
 *
 * const config = defineConfig({ appId: 'an-app-id', appHost: 'https://sample-app.genauth.ai' })
 * export const patient = extendConfig(config, { timeout: 30_000 })
 * ```
 */
export function extendConfig<P extends Protocol = 'oidc'>(
  config: ConfigOf<P> & { readonly protocol?: P | undefined },
  patch: ConfigPatch,
): ConfigOf<P>
/** Extends the config of a protocol that is a type parameter still. */
export function extendConfig<P extends Protocol>(config: ConfigOf<P>, patch: ConfigPatch): ConfigOf<P>
export function extendConfig<P extends Protocol>(config: ConfigOf<P>, patch: ConfigPatch): ConfigOf<P> {
  let next: ConfigInput<P>
  try {
    next = { ...config, ...patch } as ConfigInput<P>
  } catch {
    // What a getter throws is not ours to show.
    throw configError('', 'give plain objects')
  }
  if (next.protocol !== config?.protocol)
    throw configError('protocol', 'define a config of its own for another protocol')
  for (const field of ['issuer', 'appHost'] as const)
    if (config?.issuer && config.endpoints && next[field] !== config[field])
      throw configError(field, 'discover or define a config of its own for another provider')
  return defineConfig<P>(next)
}
