import { discover } from '@genauth-oidc/core/discover'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { refreshLogin, type RefreshableLogin } from '@genauth-oidc/login/refreshLogin'
import type { LoginTransaction } from '@genauth-oidc/login/types'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import type { TokenResponse } from '@genauth-oidc/tokens/types'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import { readCallback } from '@genauth-oidc/urls/readCallback'
import { toRequest } from '../browse.js'
import type { Begun, Client, Run, Session, SignInParams } from '../types.js'
import { endpointsOf } from './endpointsOf.js'
import { connectOurs } from './fapi/ours.js'

// One store for all providers, as an application has it.
const transactions = new Map<string, LoginTransaction>()

/** Takes a transaction and deletes it in one go, as a session store would. */
const take = (state: string) => {
  const transaction = transactions.get(state)
  transactions.delete(state)
  return transaction
}

/** These packages, used as their documentation says. */
export const ours: Client = {
  name: 'ours',
  async connect(run: Run): Promise<Session> {
    if (run.variant.fapi) return connectOurs(run)
    const { id, secret, redirectUri, authMethod } = run.client
    const config: OidcConfig = await discover({
      appId: id,
      issuer: run.issuer,
      secret,
      redirectUri,
      tokenEndpointAuthMethod: authMethod,
      idTokenSigningAlgs: [run.variant.alg],
      allowInsecureRequests: true,
    })
    const begin = async ({ userInfo = true, ...params }: SignInParams = {}): Promise<Begun> => {
      const { responseType, responseMode } = run.variant
      const { url, transaction } = await beginLogin(config, {
        scope: 'openid profile email',
        ...params,
        responseType,
        responseMode,
        appState: '/account',
      })
      transactions.set(transaction.state, transaction)
      return {
        url,
        async complete(callback, options) {
          // A server gets a request; only a page sees the fragment.
          const received = callback.url.includes('#') ? callback.url : toRequest(callback)
          const login = await completeLogin(config, received, take, {
            ...options,
            userInfo: userInfo && responseType !== 'id_token',
          })
          if (login.appState !== '/account') throw new Error('The state of the application did not come back')
          const { access_token, refresh_token, id_token } = login.tokens as Partial<TokenResponse>
          return {
            claims: { ...login.claims },
            accessToken: access_token,
            refreshToken: refresh_token,
            idToken: id_token,
            userInfo: login.userInfo && { ...login.userInfo },
          }
        },
      }
    }

    return {
      begin,
      endpoints: endpointsOf(config, begin),
      async refresh({ refreshToken, idToken, claims }, { userInfo = true }) {
        const { tokens, claims: next } = await refreshLogin(config, {
          tokens: { refresh_token: refreshToken, id_token: idToken },
          claims,
        } as unknown as RefreshableLogin)
        const { access_token: accessToken, refresh_token, id_token } = tokens
        return {
          claims: { ...next },
          accessToken,
          refreshToken: refresh_token,
          idToken: id_token,
          userInfo: userInfo
            ? { ...(await getUserInfoByAccessToken(config, { accessToken, expectedSubject: next.sub })) }
            : undefined,
        }
      },
      logoutUrl: (idToken, redirectUri, state) => buildLogoutUrl(config, { expert: true, idToken, redirectUri, state }),
      async loggedOut({ url }, state) {
        // The answer to a logout is a state and nothing else.
        await readCallback(config, url, { state, responseType: 'none' })
      },
    }
  },
}
