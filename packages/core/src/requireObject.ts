import { argumentError } from './argumentError.js'
import { isObject } from './isObject.js'

/**
 * Refuses what is no object where params are expected.
 *
 * @param value - what the caller gave
 * @param argument - its name, for the error
 * @returns the object
 * @throws OidcError `argument_invalid`
 */
export function requireObject<T extends object>(value: T, argument: string): T {
  if (!isObject(value)) throw argumentError(argument, 'an object')
  return value
}
