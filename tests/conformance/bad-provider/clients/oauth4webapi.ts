import * as oauth from 'oauth4webapi'
import { toRequest } from '../browse.js'
import type { Client, ClientOptions, Run, Session, SignInParams } from '../types.js'
import { Unsupported } from '../unsupported.js'
import { connectOauth4webapi } from './fapi/oauth4webapi.js'

const insecure = { [oauth.allowInsecureRequests]: true } as const

/** The same by oauth4webapi, as its documentation and examples have it, with every check that can be asked for by a parameter. */
export const oauth4webapi: Client = {
  name: 'oauth4webapi',
  async connect(run: Run, options: ClientOptions = {}): Promise<Session> {
    if (run.variant.fapi) return connectOauth4webapi(run, options)
    const { signatures = false } = options
    const { responseType, responseMode, alg } = run.variant
    const { redirectUri, authMethod, signedUserInfo, dynamic } = run.client
    if (responseType !== 'code' && responseType !== 'code id_token') throw new Unsupported(responseType)
    const issuer = new URL(run.issuer)
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
    let { id, secret } = run.client
    if (dynamic) {
      const metadata = {
        redirect_uris: [redirectUri],
        response_types: [responseType],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: alg,
      }
      const { client_id, client_secret } = await oauth.processDynamicClientRegistrationResponse(
        await oauth.dynamicClientRegistrationRequest(as, metadata, insecure),
      )
      id = client_id
      secret = client_secret as string
    }
    const client: oauth.Client = {
      client_id: id,
      id_token_signed_response_alg: alg,
      ...(signedUserInfo && { userinfo_signed_response_alg: alg }),
      ...(authMethod === 'tls_client_auth' && { use_mtls_endpoint_aliases: true }),
    }
    const authentication = {
      client_secret_basic: oauth.ClientSecretBasic(secret),
      client_secret_post: oauth.ClientSecretPost(secret),
      tls_client_auth: oauth.TlsClientAuth(),
    }[authMethod ?? 'client_secret_post']

    const infoOf = async (sub: string, accessToken: string) => {
      const response = await oauth.userInfoRequest(as, client, accessToken, insecure)
      const info = { ...(await oauth.processUserInfoResponse(as, client, sub, response)) }
      if (signatures && signedUserInfo) await oauth.validateApplicationLevelSignature(as, response, insecure)
      return info
    }

    return {
      async begin({ userInfo = true, scope = 'openid profile email', prompt, maxAge, loginHint }: SignInParams = {}) {
        const state = oauth.generateRandomState()
        const nonce = oauth.generateRandomNonce()
        const codeVerifier = oauth.generateRandomCodeVerifier()
        const url = new URL(as.authorization_endpoint ?? '')
        const parameters = {
          client_id: id,
          redirect_uri: redirectUri,
          response_type: responseType,
          response_mode: responseMode,
          scope,
          state,
          nonce,
          code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
          prompt,
          max_age: maxAge === undefined ? undefined : String(maxAge),
          login_hint: loginHint,
        }
        for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value)
        return {
          url,
          async complete(callback) {
            // An application reads what it asked for where it asked for it.
            const received = responseMode ? toRequest(callback) : new URL(callback.url)
            let params: URLSearchParams
            if (responseType === 'code id_token')
              params = await oauth.validateCodeIdTokenResponse(as, client, received, nonce, state, maxAge, insecure)
            else {
              const got = received instanceof URL ? received : new URLSearchParams(await received.text())
              params = oauth.validateAuthResponse(as, client, got, state)
            }
            const response = await oauth.authorizationCodeGrantRequest(
              as,
              client,
              authentication,
              params,
              redirectUri,
              codeVerifier,
              insecure,
            )
            const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
              expectedNonce: nonce,
              requireIdToken: true,
              ...(maxAge !== undefined && { maxAge }),
            })
            if (signatures) await oauth.validateApplicationLevelSignature(as, response, insecure)
            const claims = oauth.getValidatedIdTokenClaims(tokens)
            if (!claims) throw new Unsupported('no claims')
            return {
              claims: { ...claims },
              accessToken: tokens.access_token,
              refreshToken: tokens.refresh_token,
              idToken: tokens.id_token,
              userInfo: userInfo ? await infoOf(claims.sub, tokens.access_token) : undefined,
            }
          },
        }
      },
      async refresh({ refreshToken = '', claims }, { userInfo = true }) {
        const response = await oauth.refreshTokenGrantRequest(as, client, authentication, refreshToken, insecure)
        const tokens = await oauth.processRefreshTokenResponse(as, client, response)
        if (signatures && tokens.id_token) await oauth.validateApplicationLevelSignature(as, response, insecure)
        const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? claims
        return {
          claims: { ...claims, sub },
          userInfo: userInfo ? await infoOf(String(sub), tokens.access_token) : undefined,
          accessToken: tokens.access_token,
          refreshToken: tokens.refresh_token,
          idToken: tokens.id_token,
        }
      },
    }
  },
}
