export { calculateCodeChallenge } from './calculateCodeChallenge.js'
export { generateCodeChallenge } from './generateCodeChallenge.js'
export { generateCodeChallengeDigest } from './generateCodeChallengeDigest.js'
export { generateCodeVerifier } from './generateCodeVerifier.js'
export { generatePkce } from './generatePkce.js'

export type { Pkce } from './generatePkce.js'
