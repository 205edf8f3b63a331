import { discover } from '@genauth-oidc/core/discover'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { createDpop } from '@genauth-oidc/fapi/createDpop'
import { PrivateKeyJwt } from '@genauth-oidc/fapi/PrivateKeyJwt'
import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
import { readSignedCallback } from '@genauth-oidc/fapi/readSignedCallback'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { toRequest } from '../../browse.js'
import type { Run, Session } from '../../types.js'
import { clientKeys } from './clientKeys.js'

/** These packages in the FAPI 2 profile: pushed requests, private_key_jwt, DPoP, and signed answers where asked for. */
export async function connectOurs(run: Run): Promise<Session> {
  const { alg, fapi } = run.variant
  const config: OidcConfig = await discover({
    appId: run.client.id,
    issuer: run.issuer,
    redirectUri: run.client.redirectUri,
    tokenEndpointAuthMethod: PrivateKeyJwt((await clientKeys()).privateKey),
    idTokenSigningAlgs: [alg],
    allowInsecureRequests: true,
  })
  const metadata = await readServerMetadata(config)
  const dpop = await createDpop(config)
  return {
    async begin() {
      const { url: link, transaction } = await beginLogin(config, {
        scope: 'openid profile email',
        ...(fapi === 'signed' && { responseMode: 'jwt' }),
      })
      return {
        url: await pushAuthorizationRequest(config, link, { metadata }),
        async complete(callback) {
          const request = toRequest(callback)
          if (fapi !== 'signed') {
            const { tokens, claims, userInfo } = await completeLogin(config, request, transaction, {
              dpop,
              userInfo: true,
            })
            return {
              claims: { ...claims },
              accessToken: tokens.access_token,
              idToken: tokens.id_token,
              userInfo: { ...userInfo },
            }
          }
          const { state, nonce, codeVerifier } = transaction
          const { code } = await readSignedCallback(config, request, { state, algs: [alg] })
          const tokens = await getAccessTokenByCode(config, { code, codeVerifier, nonce }, { dpop })
          const { access_token: accessToken, id_token: idToken = '' } = tokens
          const claims = await verifyIdToken(config, idToken, { nonce, accessToken })
          const userInfo = await getUserInfoByAccessToken(
            config,
            { accessToken, expectedSubject: claims.sub },
            { dpop },
          )
          return { claims: { ...claims }, accessToken, idToken, userInfo: { ...userInfo } }
        },
      }
    },
  }
}
