import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { randomString } from '@genauth-oidc/core/randomString'
import type { ClientAuth, RequestOptions } from '@genauth-oidc/core/types'
import { seconds } from './seconds.js'
import type { Sign } from './signer.js'

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
 * Makes an authentication method whose assertions say what the options want (RFC 7523 section 3).
 *
 * @param options - audience, lifetime, clock
 * @param sign - signs the claims of one assertion
 * @returns the method
 */
export function assertion(options: AssertionOptions | undefined, sign: Sign): ClientAuth {
  const { audience = 'issuer', expiresIn = 60 } = options ?? {}
  const life = seconds(expiresIn, 60)
  if (!audience || typeof audience != 'string') throw argumentError('audience', 'issuer, endpoint or a text')
  return async (
    { issuer, token_endpoint: endpoint = issuer }: { issuer: string; token_endpoint?: string },
    { client_id }: { client_id: string },
    body,
  ) => {
    const iat = Math.floor(clock(options ?? {}))
    body.set('client_id', client_id)
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    body.set(
      'client_assertion',
      await sign({
        jti: randomString(),
        aud: audience == 'issuer' ? issuer : audience == 'endpoint' ? endpoint : audience,
        exp: iat + life,
        iat,
        nbf: iat,
        iss: client_id,
        sub: client_id,
      }),
    )
  }
}
