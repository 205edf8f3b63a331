import type { SigningAlg } from './types.js'

/**
 * Tells whether a signature algorithm can be checked here. `none` never can.
 *
 * @param alg - its name (RFC 7518 section 3.1, RFC 8037, RFC 9864)
 * @returns whether it is one of {@link SigningAlg}
 */
export const knownAlg = (alg: unknown): alg is SigningAlg =>
  typeof alg == 'string' && /^([HRPE]S(256|384|512)|EdDSA|Ed25519)$/.test(alg)
