import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import type { ClientAuth, JsonObject, RequestOptions } from '@genauth-oidc/core/types'

/** What a client assertion says. */
export interface AssertionOptions extends Pick<RequestOptions, 'now'> {
  /**
   * Whom it is for: the `issuer`, the `endpoint` that is asked (the token endpoint's address at the token endpoint and
   * for pushed requests), or a text of the server's own. Default: `issuer`.
   */
  readonly audience?: 'issuer' | 'endpoint' | (string & {}) | undefined
  /** Seconds that it is good for, 1 to 60. Default: 60. */
  readonly expiresIn?: number | undefined
}

/**
 * Makes an authentication method whose assertions say what the options want.
 *
 * @param options - audience, lifetime, clock
 * @param make - oauth4webapi's method, given what modifies header and payload of its assertions. Its own type for that is not
 *   named here: it would bring the DOM lib along
 * @returns the method
 */
export function assertion(
  { audience = 'issuer', expiresIn = 60, now }: AssertionOptions = {},
  make: (modify: (header: JsonObject, payload: JsonObject) => void) => ClientAuth,
): ClientAuth {
  if (!(expiresIn >= 1 && expiresIn <= 60)) throw argumentError('expiresIn', '1 to 60 seconds')
  if (!audience || typeof audience != 'string') throw argumentError('audience', 'issuer, endpoint or a text')
  const method = make((_header, payload) => {
    const time = now === undefined ? (payload.iat as number) : Math.floor(clock({ now }))
    Object.assign(payload, { iat: time, nbf: time, exp: time + Math.floor(expiresIn) })
  })
  return async (as: { issuer: string; token_endpoint?: string }, client, body, headers) => {
    const named = { issuer: as.issuer, endpoint: as.token_endpoint ?? as.issuer }
    await method({ ...as, issuer: named[audience as 'issuer'] ?? audience }, client, body, headers)
  }
}
