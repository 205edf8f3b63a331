import { PrivateKeyJwt } from '@genauth-oidc/fapi/PrivateKeyJwt'
import { createDpop } from '@genauth-oidc/fapi/createDpop'
import { fetchResource } from '@genauth-oidc/fapi/fetchResource'
import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
import { readServerMetadata } from '@genauth-oidc/fapi/readServerMetadata'
import { discover } from '@genauth-oidc/core/discover'
import type { ConfigInput, DpopHandle, OidcConfig } from '@genauth-oidc/core/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import type { LoginTransaction } from '@genauth-oidc/login/types'

/** Once, when the application starts: who we are, and what the bank's server says of itself. */
export async function connect(bank: ConfigInput<'oidc'>, key: CryptoKey, kid: string) {
  const config = await discover({
    ...bank,
    // FAPI 2 wants PS256, ES256 or EdDSA, and no secret that travels.
    tokenEndpointAuthMethod: PrivateKeyJwt({ key, kid }),
    idTokenSigningAlgs: ['PS256'],
    requireIss: true,
  })
  return { config, metadata: await readServerMetadata(config) }
}

/** The user wants to sign in: keep transaction and dpop in their session, and send the browser to the url. */
export async function begin({ config, metadata }: Awaited<ReturnType<typeof connect>>) {
  const dpop = await createDpop(config)
  const { url: link, transaction } = await beginLogin(config, { scope: 'openid profile' })
  return { url: await pushAuthorizationRequest(config, link, { metadata, dpop }), transaction, dpop }
}

/** The user comes back: the tokens are bound to the key in dpop, and worth nothing without it. */
export async function complete(
  config: OidcConfig,
  callback: string,
  transaction: LoginTransaction<'code'>,
  dpop: DpopHandle,
) {
  return completeLogin(config, callback, transaction, { dpop, userInfo: true })
}

/** A call to an API on behalf of the user. */
export async function accounts(config: OidcConfig, url: string, accessToken: string, dpop: DpopHandle) {
  return (await fetchResource(config, { url, accessToken }, { dpop })).json() as Promise<unknown>
}
