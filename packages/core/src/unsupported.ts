import { OidcError, type MissingFeature } from './OidcError.js'

/**
 * Makes the error for a runtime that lacks something.
 *
 * @param missing - what it lacks
 * @returns the error, to be thrown
 */
export const unsupported = (missing: MissingFeature): OidcError<'unsupported_runtime'> =>
  new OidcError('unsupported_runtime', `No ${missing}: use https, or a newer runtime.`, {
    missing,
  })
