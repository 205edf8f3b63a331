import * as client from 'openid-client'
import { toRequest } from '../browse.js'
import type { Client, ClientOptions, Run, Session, SignInParams } from '../types.js'
import { Unsupported } from '../unsupported.js'
import { connectOpenidClient } from './fapi/openidClient.js'

/** The same by openid-client, as its documentation has it, with every check that can be asked for by a parameter. */
export const openidClient: Client = {
  name: 'openid-client',
  async connect(run: Run, options: ClientOptions = {}): Promise<Session> {
    if (run.variant.fapi) return connectOpenidClient(run, options)
    const { signatures = false } = options
    const { responseType, responseMode, alg } = run.variant
    const { id, secret, redirectUri, authMethod, signedUserInfo, dynamic } = run.client
    const modes: Partial<Record<typeof responseType, ((config: client.Configuration) => void)[]>> = {
      code: [],
      'code id_token': [client.useCodeIdTokenResponseType],
      id_token: [client.useIdTokenResponseType],
    }
    const mode = modes[responseType]
    if (!mode) throw new Unsupported(responseType)
    const authentication = {
      client_secret_basic: client.ClientSecretBasic(secret),
      client_secret_post: client.ClientSecretPost(secret),
      tls_client_auth: client.TlsClientAuth(),
    }[authMethod ?? 'client_secret_post']
    const metadata = {
      id_token_signed_response_alg: alg,
      ...(signedUserInfo && { userinfo_signed_response_alg: alg }),
      ...(authMethod === 'tls_client_auth' && { use_mtls_endpoint_aliases: true }),
    }
    const settings = {
      execute: [client.allowInsecureRequests, ...mode, ...(signatures ? [client.enableNonRepudiationChecks] : [])],
    }
    const config = dynamic
      ? await client.dynamicClientRegistration(
          new URL(run.issuer),
          {
            ...metadata,
            redirect_uris: [redirectUri],
            response_types: [responseType],
            token_endpoint_auth_method: 'client_secret_post',
          },
          undefined,
          settings,
        )
      : await client.discovery(new URL(run.issuer), id, metadata, authentication, settings)

    return {
      async begin({ userInfo = true, scope = 'openid profile email', prompt, maxAge, loginHint }: SignInParams = {}) {
        const state = client.randomState()
        const nonce = client.randomNonce()
        const codeVerifier = client.randomPKCECodeVerifier()
        const url = client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope,
          state,
          nonce,
          code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
          ...(responseMode && { response_mode: responseMode }),
          ...(prompt && { prompt }),
          ...(maxAge !== undefined && { max_age: String(maxAge) }),
          ...(loginHint && { login_hint: loginHint }),
        })
        return {
          url,
          async complete(callback) {
            // An application reads what it asked for where it asked for it.
            const received = responseMode ? toRequest(callback) : new URL(callback.url)
            const max = maxAge === undefined ? {} : { maxAge }
            if (responseType === 'id_token')
              return {
                claims: {
                  ...(await client.implicitAuthentication(config, received, nonce, { expectedState: state, ...max })),
                },
              }
            const tokens = await client.authorizationCodeGrant(config, received, {
              expectedState: state,
              expectedNonce: nonce,
              pkceCodeVerifier: codeVerifier,
              idTokenExpected: true,
              ...max,
            })
            const claims = tokens.claims()
            if (!claims) throw new Unsupported('no claims')
            return {
              claims: { ...claims },
              accessToken: tokens.access_token,
              refreshToken: tokens.refresh_token,
              idToken: tokens.id_token,
              userInfo: userInfo
                ? { ...(await client.fetchUserInfo(config, tokens.access_token, claims.sub)) }
                : undefined,
            }
          },
        }
      },
      async refresh({ refreshToken = '', claims }, { userInfo = true }) {
        const tokens = await client.refreshTokenGrant(config, refreshToken)
        const { sub } = tokens.claims() ?? claims
        return {
          claims: { ...claims, sub },
          userInfo: userInfo
            ? { ...(await client.fetchUserInfo(config, tokens.access_token, String(sub))) }
            : undefined,
          accessToken: tokens.access_token,
          refreshToken: tokens.refresh_token,
          idToken: tokens.id_token,
        }
      },
      logoutUrl: (idToken, postLogoutRedirectUri, state) =>
        client.buildEndSessionUrl(config, {
          id_token_hint: idToken,
          post_logout_redirect_uri: postLogoutRedirectUri,
          state,
        }),
    }
  },
}
