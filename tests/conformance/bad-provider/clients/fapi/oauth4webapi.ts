import * as oauth from 'oauth4webapi'
import type { ClientOptions, Run, Session } from '../../types.js'
import { Unsupported } from '../../unsupported.js'
import { clientKeys } from './clientKeys.js'

const insecure = { [oauth.allowInsecureRequests]: true } as const

/** oauth4webapi in the FAPI 2 profile, as its example has it. */
export async function connectOauth4webapi(run: Run, { signatures = false }: ClientOptions): Promise<Session> {
  const { alg, fapi } = run.variant
  const { id, redirectUri } = run.client
  const issuer = new URL(run.issuer)
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
  const client: oauth.Client = {
    client_id: id,
    id_token_signed_response_alg: alg,
    authorization_signed_response_alg: alg,
  }
  const authentication = oauth.PrivateKeyJwt((await clientKeys()).privateKey)
  const dpop = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
  const bound = { ...insecure, DPoP: dpop }
  /** Sends again, once, where the provider asks for its nonce. */
  const again = async <T>(send: () => Promise<T>) =>
    send().catch(async (error: unknown) => {
      if (!oauth.isDPoPNonceError(error)) throw error
      return send()
    })

  return {
    async begin() {
      const state = oauth.generateRandomState()
      const nonce = oauth.generateRandomNonce()
      const codeVerifier = oauth.generateRandomCodeVerifier()
      const { request_uri } = await oauth.processPushedAuthorizationResponse(
        as,
        client,
        await oauth.pushedAuthorizationRequest(
          as,
          client,
          authentication,
          {
            redirect_uri: redirectUri,
            response_type: 'code',
            scope: 'openid profile email',
            state,
            nonce,
            code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
            code_challenge_method: 'S256',
            ...(fapi === 'signed' && { response_mode: 'jwt' }),
          },
          insecure,
        ),
      )
      const url = new URL(as.authorization_endpoint ?? '')
      url.searchParams.set('client_id', id)
      url.searchParams.set('request_uri', request_uri)
      return {
        url,
        async complete(callback) {
          const received = new URL(callback.url)
          const params =
            fapi === 'signed'
              ? await oauth.validateJwtAuthResponse(as, client, received, state, insecure)
              : oauth.validateAuthResponse(as, client, received, state)
          const [tokens, response] = await again(async () => {
            const answer = await oauth.authorizationCodeGrantRequest(
              as,
              client,
              authentication,
              params,
              redirectUri,
              codeVerifier,
              bound,
            )
            const checks = { expectedNonce: nonce, requireIdToken: true }
            return [await oauth.processAuthorizationCodeResponse(as, client, answer, checks), answer] as const
          })
          if (signatures) await oauth.validateApplicationLevelSignature(as, response, insecure)
          const claims = oauth.getValidatedIdTokenClaims(tokens)
          if (!claims) throw new Unsupported('no claims')
          const userInfo = await again(async () =>
            oauth.processUserInfoResponse(
              as,
              client,
              claims.sub,
              await oauth.userInfoRequest(as, client, tokens.access_token, bound),
            ),
          )
          return {
            claims: { ...claims },
            accessToken: tokens.access_token,
            idToken: tokens.id_token,
            userInfo: { ...userInfo },
          }
        },
      }
    },
  }
}
