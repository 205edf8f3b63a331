import { OidcError } from './OidcError.js'

/**
 * Makes the error for a config that lacks what a function needs.
 *
 * @param path - the field, say `endpoints.token`
 * @param message - what to do, as an imperative sentence without a final stop
 * @returns the error, to be thrown
 */
export const configError = (path: string, message: string): OidcError<'config_invalid'> =>
  new OidcError('config_invalid', `config.${path}: ${message}.`, { issues: [{ path, message }] })
