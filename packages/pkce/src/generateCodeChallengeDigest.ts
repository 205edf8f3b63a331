/**
 * The name that GenAuth's other SDKs have for `calculateCodeChallenge`. What they call the code challenge is its
 * argument, the **code_verifier**; what it gives is the code_challenge of RFC 7636.
 */
export { calculateCodeChallenge as generateCodeChallengeDigest } from './calculateCodeChallenge.js'
