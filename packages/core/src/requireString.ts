import { argumentError } from './argumentError.js'

/**
 * Refuses anything but a non-empty string, so that "undefined" never gets into a request.
 *
 * @param value - what the caller gave
 * @param argument - its name, for the error
 * @returns the string
 * @throws OidcError `argument_invalid`
 */
export function requireString(value: unknown, argument: string): string {
  if (typeof value != 'string' || !value) throw argumentError(argument, 'a non-empty string')
  return value
}
