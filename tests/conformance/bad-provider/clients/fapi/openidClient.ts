import * as client from 'openid-client'
import type { ClientOptions, Run, Session } from '../../types.js'
import { Unsupported } from '../../unsupported.js'
import { clientKeys } from './clientKeys.js'

/** openid-client in the FAPI 2 profile, as its example has it. */
export async function connectOpenidClient(run: Run, { signatures = false }: ClientOptions): Promise<Session> {
  const { alg, fapi } = run.variant
  const { id, redirectUri } = run.client
  const config = await client.discovery(
    new URL(run.issuer),
    id,
    { id_token_signed_response_alg: alg, authorization_signed_response_alg: alg },
    client.PrivateKeyJwt((await clientKeys()).privateKey),
    {
      execute: [
        client.allowInsecureRequests,
        ...(fapi === 'signed' ? [client.useJwtResponseMode] : []),
        ...(signatures ? [client.enableNonRepudiationChecks] : []),
      ],
    },
  )
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  return {
    async begin() {
      const state = client.randomState()
      const nonce = client.randomNonce()
      const codeVerifier = client.randomPKCECodeVerifier()
      const url = await client.buildAuthorizationUrlWithPAR(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      })
      return {
        url,
        async complete(callback) {
          const tokens = await client.authorizationCodeGrant(
            config,
            new URL(callback.url),
            { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier, idTokenExpected: true },
            undefined,
            { DPoP },
          )
          const claims = tokens.claims()
          if (!claims) throw new Unsupported('no claims')
          const userInfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP })
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
