import { generatePkce } from '@genauth-oidc/pkce/generatePkce'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getNewAccessTokenByRefreshToken } from '@genauth-oidc/tokens/getNewAccessTokenByRefreshToken'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { revokeToken } from '@genauth-oidc/tokens/revokeToken'
import { validateToken } from '@genauth-oidc/tokens/validateToken'
import { buildAuthorizeUrl } from '@genauth-oidc/urls/buildAuthorizeUrl'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import { verifyAccessToken } from '@genauth-oidc/verify/verifyAccessToken'
import { fails, holds, same, tokensOf, type Cases, type World } from './world.js'

const METHODS = { post: 'client_secret_post', basic: 'client_secret_basic', none: 'none', public: 'none, public' }

export const exchangeCases = (world: World): Cases => {
  const begin = async (app: string) => {
    const config = world.config(app)
    const { codeVerifier, ...challenge } = await generatePkce()
    const url = buildAuthorizeUrl(config, challenge)
    const state = url.searchParams.get('state') ?? ''
    const { code } = await readCallback(config, await world.callback(url), { state })
    return { config, code, codeVerifier, nonce: url.searchParams.get('nonce') }
  }
  const byMethod = Object.entries(METHODS).flatMap(([app, method]) => [
    [
      `exchanges a code for tokens (${method})`,
      async () => {
        const { config, ...params } = await begin(app)
        const tokens = await getAccessTokenByCode(config, params)
        same([tokens.token_type, tokens.claims?.aud], ['Bearer', config.appId])
        holds(Math.abs((tokens.expires_at ?? NaN) - Date.now() / 1000 - 3600) < 30, 'expires_at is in an hour')
      },
    ],
    [
      `refreshes, and the old token is spent (${method})`,
      async () => {
        const config = world.config(app)
        const previous = await tokensOf(world, config)
        const refreshToken = previous.refresh_token
        const next = await getNewAccessTokenByRefreshToken(config, { refreshToken, previous })
        same(next.claims?.sub, previous.claims?.sub, 'subject')
        holds(next.access_token !== previous.access_token, 'a new access token')
        const again = getNewAccessTokenByRefreshToken(config, refreshToken)
        await fails(again, 'endpoint_error', { error: 'invalid_grant', status: 400 }, [refreshToken])
      },
    ],
    [
      `introspects and revokes (${method})`,
      async () => {
        const config = world.config(app)
        const { access_token: token, refresh_token: refreshToken } = await tokensOf(world, config)
        same((await introspectToken(config, token)).active, true)
        same(await revokeToken(config, { token: refreshToken, tokenTypeHint: 'refresh_token' }), true)
        same(await introspectToken(config, refreshToken), { active: false })
      },
    ],
  ])
  return {
    ...(Object.fromEntries(byMethod) as Cases),

    'gives no tokens for a wrong verifier, and the error holds no secret': async () => {
      const { config, code, codeVerifier } = await begin('post')
      const wrong = 'w'.repeat(43)
      const secret = world.apps['post']?.secret as string
      const call = getAccessTokenByCode(config, { code, codeVerifier: wrong })
      await fails(call, 'endpoint_error', { endpoint: 'token', error: 'invalid_grant' }, [code, wrong, secret])
      holds(await getAccessTokenByCode(config, { code, codeVerifier }), 'the right one still works')
    },

    'refuses the nonce of another sign-in': async () => {
      const { config, code, codeVerifier } = await begin('post')
      const nonce = 'another'
      await fails(getAccessTokenByCode(config, { code, codeVerifier, nonce }), 'token_invalid', { check: 'nonce' })
    },

    'says by name that the client is not known': async () => {
      const { code, codeVerifier } = await begin('post')
      const secret = 'a-wrong-secret-of-32-characters-or-more'
      const call = getAccessTokenByCode(world.config('post', { secret }), { code, codeVerifier })
      await fails(call, 'endpoint_error', { error: 'invalid_client', status: 401 }, [secret, code])
    },

    'gives user info, of the expected subject only': async () => {
      const config = world.config('post')
      const { access_token: accessToken, claims } = await tokensOf(world, config)
      const user = await getUserInfoByAccessToken(config, { accessToken, expectedSubject: claims!.sub })
      same([user.sub, user.email], [claims?.sub, 'alice@example.com'])
      const foreign = getUserInfoByAccessToken(config, { accessToken, expectedSubject: 'somebody-else' })
      await fails(foreign, 'response_invalid', { reason: 'sub' }, [accessToken])
    },

    'asks GenAuth whether a token is valid': async () => {
      const config = world.config('post')
      const { access_token: accessToken, id_token: idToken, claims } = await tokensOf(world, config)
      for (const token of [{ accessToken }, { idToken }] as const)
        same((await validateToken(config, token)).sub, claims?.sub)
    },

    'verifies an access token as an API does': async () => {
      const config = world.config('post')
      const { access_token: token } = await tokensOf(world, config)
      const headers = { authorization: `Bearer ${token}` }
      const claims = await verifyAccessToken(config, new Request('http://localhost/orders', { headers }))
      same(claims.aud, config.appId)
      await fails(verifyAccessToken(config, token, { scope: 'orders' }), 'token_invalid', { check: 'scope' }, [token])
    },
  }
}
