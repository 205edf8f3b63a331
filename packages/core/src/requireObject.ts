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
  try {
    // What a getter or a proxy throws comes out here, and not from the middle of a function.
    if (isObject(value) && { ...value }) return value
  } catch {}
  throw argumentError(argument, 'an object')
}
