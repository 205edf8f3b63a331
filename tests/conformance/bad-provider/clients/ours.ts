import { discover } from '@genauth-oidc/core/discover'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { getSignedUserInfo } from '@genauth-oidc/fapi/getSignedUserInfo'
import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
import { registerClient } from '@genauth-oidc/fapi/registerClient'
import { TlsClientAuth } from '@genauth-oidc/fapi/TlsClientAuth'
import { useMtlsEndpoints } from '@genauth-oidc/fapi/useMtlsEndpoints'
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
    const { id, secret } = run.client.dynamic ? await registered(run) : run.client
    const { redirectUri, authMethod, signedUserInfo } = run.client
    const { alg } = run.variant
    const common = {
      appId: id,
      issuer: run.issuer,
      redirectUri,
      idTokenSigningAlgs: [alg],
      allowInsecureRequests: true,
    }
    const found: OidcConfig = await discover(
      authMethod === 'tls_client_auth'
        ? { ...common, tokenEndpointAuthMethod: TlsClientAuth() }
        : { ...common, secret, tokenEndpointAuthMethod: authMethod },
    )
    const config =
      authMethod === 'tls_client_auth' ? useMtlsEndpoints(found, await readServerMetadata(found)).config : found

    const infoOf = async (accessToken: string, expectedSubject: string) => ({
      ...(signedUserInfo
        ? await getSignedUserInfo(config, { accessToken, expectedSubject, algs: [alg] })
        : await getUserInfoByAccessToken(config, { accessToken, expectedSubject })),
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
            userInfo: userInfo && !signedUserInfo && responseType !== 'id_token',
          })
          if (login.appState !== '/account') throw new Error('The state of the application did not come back')
          const { access_token, refresh_token, id_token } = login.tokens as Partial<TokenResponse>
          return {
            claims: { ...login.claims },
            accessToken: access_token,
            refreshToken: refresh_token,
            idToken: id_token,
            userInfo:
              signedUserInfo && access_token !== undefined
                ? await infoOf(access_token, login.claims.sub)
                : login.userInfo && { ...login.userInfo },
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
          userInfo: userInfo ? await infoOf(accessToken, next.sub) : undefined,
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

/** Registers the client, and gives what the provider calls it. */
async function registered({ issuer, variant, client }: Run) {
  const server = { issuer, allowInsecureRequests: true }
  const { client_id: id, client_secret: secret } = await registerClient(
    server,
    {
      metadata: {
        redirect_uris: [client.redirectUri],
        response_types: [variant.responseType],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: variant.alg,
      },
    },
    { metadata: await readServerMetadata(server) },
  )
  return { id, secret }
}
