import { argumentError } from './argumentError.js'

/**
 * Refuses anything but a non-empty string, so that "undefined" never gets into a request, or one that does not match.
 *
 * @param value - what the caller gave
 * @param argument - its name, for the error
 * @param pattern - what it has to match; it stands in the error
 * @returns the string
 * @throws OidcError `argument_invalid`
 */
export function requireString(value: unknown, argument: string, pattern?: RegExp): string {
  if (typeof value != 'string' || !value || pattern?.test(value) === false)
    throw argumentError(argument, pattern ? `like ${pattern}` : 'a non-empty string')
  return value
}
