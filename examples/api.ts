import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'

/** An API that takes GenAuth's access tokens, without asking GenAuth for each. */
export const api = (config: OidcConfig) => async (request: Request) => {
  try {
    const { sub } = await verifyAccessToken(config, request, { scope: 'profile' })
    return Response.json({ hello: sub })
  } catch (error) {
    // A token that does not hold is the caller's affair; that the keys can't be fetched is not.
    if (!isOidcError(error, 'token_invalid'))
      return Response.json({ error: 'temporarily_unavailable' }, { status: 503 })
    // Who brings no token is told no error (RFC 6750 section 3).
    if (error.check === 'missing') return new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer' } })
    const [status, reason] = error.check === 'scope' ? [403, 'insufficient_scope'] : [401, 'invalid_token']
    return Response.json({ error: reason }, { status, headers: { 'www-authenticate': `Bearer error="${reason}"` } })
  }
}
