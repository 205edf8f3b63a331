import { OidcError, type CallbackReason } from '@genauth-oidc/core/OidcError'

/**
 * Makes the error for a callback that is not the answer to the request.
 *
 * @param reason - from the closed list
 * @param problem - what is wrong, as a clause
 * @returns the error, to be thrown
 */
export const refuseCallback = (reason: CallbackReason, problem: string): OidcError<'callback_invalid'> =>
  new OidcError('callback_invalid', `Callback refused: ${problem}. Start the sign-in again.`, { reason })
