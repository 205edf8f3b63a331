import { sha } from '@genauth-oidc/core/sha'
import { toBase64url } from '@genauth-oidc/core/toBase64url'
import type { JsonObject } from '@genauth-oidc/core/types'

/** The thumbprint of a public key (RFC 7638 section 3, RFC 8037 section 2): its required members in this order. */
export const thumbprint = async ({ alg, crv, e, kty, n, pub, x, y }: JsonObject): Promise<string> =>
  toBase64url(await sha(JSON.stringify(kty === 'AKP' ? { alg, kty, pub } : { crv, e, kty, n, x, y })))
