import { argumentError } from '@genauth-oidc/core/argumentError'

/**
 * The caller's headers, by their names in lower case: the same name in another case is the same header.
 *
 * @param headers - what the caller gave; the later of two counts
 * @param taken - the names that are not the caller's to set
 * @returns a fresh object
 * @throws OidcError `argument_invalid` at `headers`
 */
export function ownHeaders(headers: object | undefined, taken: RegExp): Record<string, string> {
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries<unknown>({ ...headers })) {
    if (typeof value != 'string' || !/^[\w!#$%&'*+.^`|~-]+:[\t -~]*$/.test(`${name}:${value}`) || taken.test(name))
      throw argumentError('headers', 'printable, and none that the protocol sets')
    own[name.toLowerCase()] = value
  }
  return own
}
