/**
 * The name that GenAuth's other SDKs have for `generateCodeVerifier`. Careful: it gives the **code_verifier**, not the
 * code_challenge of RFC 7636. Send it to the token endpoint only, never in the authorization link.
 */
export { generateCodeVerifier as generateCodeChallenge } from './generateCodeVerifier.js'
