import { argumentError } from '@genauth-oidc/core/argumentError'

/**
 * How long something that is signed is good for.
 *
 * @param value - what the caller gave
 * @param most - the longest
 * @returns whole seconds
 * @throws OidcError `argument_invalid` at `expiresIn`
 */
export function seconds(value: unknown, most: number): number {
  if (!(typeof value == 'number' && value >= 1 && value <= most))
    throw argumentError('expiresIn', `1 to ${most} seconds`)
  return Math.floor(value)
}
