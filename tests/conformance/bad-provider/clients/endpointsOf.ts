import type { OidcConfig } from '@genauth-oidc/core/types'
import { readFrontChannelLogout } from '@genauth-oidc/fapi/readFrontChannelLogout'
import { verifyLogoutToken } from '@genauth-oidc/verify/verifyLogoutToken'
import type { Begun, Claims, Endpoints, SignedIn, SignInParams } from '../types.js'

const answer = (status: number) => new Response(null, { status, headers: { 'cache-control': 'no-store' } })

/**
 * The endpoints of an application: what a provider calls from behind, what it loads in a frame, and where others may
 * send a user to sign in.
 */
export function endpointsOf(config: OidcConfig, begin: (params?: SignInParams) => Promise<Begun>): Endpoints {
  const sessions = new Map<string, Claims>()
  const seen = new Set<string>()
  let refusal: unknown
  let begun: Begun | undefined
  return {
    sessions,
    refusal: () => refusal,
    begun() {
      if (!begun) throw new Error('No sign-in was begun')
      return begun
    },
    signedIn: ({ claims }: SignedIn) => sessions.set(String(claims.sid), claims),

    /** OpenID Connect Back-Channel Logout 1.0 section 2.8. */
    async backchannelLogout(request) {
      refusal = undefined
      try {
        const { sub, sid } = await verifyLogoutToken(config, request, {
          seen: (jti) => seen.size === seen.add(jti).size,
        })
        for (const [key, session] of sessions) if (sid ? session.sid === sid : session.sub === sub) sessions.delete(key)
        return answer(200)
      } catch (error) {
        refusal = error
        return answer(400)
      }
    },

    /** OpenID Connect Front-Channel Logout 1.0 section 2: no token proves it, so it ends this browser's session and no other. */
    async frontchannelLogout(request) {
      // An application would know it by the cookie.
      const [sid = ''] = sessions.keys()
      try {
        await readFrontChannelLogout(config, request, { sid })
      } catch (error) {
        refusal = error
        return answer(400)
      }
      sessions.delete(sid)
      return answer(200)
    },

    /** OIDC Core section 4: anybody may send a user here, so only a known issuer is signed in with. */
    async initiateLogin(request) {
      const { searchParams } = new URL(request.url)
      if (searchParams.get('iss') !== config.issuer) return answer(400)
      begun = await begin({ loginHint: searchParams.get('login_hint') ?? '' })
      return new Response(null, { status: 303, headers: { location: begun.url.href, 'cache-control': 'no-store' } })
    },
  }
}
