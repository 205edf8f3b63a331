import { OidcError } from './OidcError.js'

/**
 * Makes the error for a wrong argument.
 *
 * @param argument - its name, say `codeVerifier`
 * @param rule - what it has to be, to stand behind "must be"
 * @returns the error, to be thrown
 */
export const argumentError = (argument: string, rule: string): OidcError<'argument_invalid'> =>
  new OidcError('argument_invalid', `${argument} must be ${rule}.`, { argument })
