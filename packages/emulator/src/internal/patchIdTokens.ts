import { createHash } from 'node:crypto'
import type { KeyRing } from './createKeyRing.js'
import type { Engine } from './engine.js'
import { signHs256 } from './jwt.js'
import type { AccessTokens } from './patchAccessTokens.js'

/** The left half of a SHA-256, as at_hash, c_hash and s_hash are for both algorithms (OIDC Core section 3.1.3.6). */
const halfHash = (value: unknown): string =>
  createHash('sha256').update(String(value)).digest().subarray(0, 16).toString('base64url')

/**
 * Makes the engine's ID tokens those of GenAuth: `typ` JWT in the header, `at_hash` from the token endpoint too, and no
 * nonce after a refresh. The engine has a setting for none of the three.
 */
export function patchIdTokens(engine: Engine, ring: KeyRing, accessTokens: AccessTokens, atHash: boolean): void {
  const { issue } = engine.IdToken.prototype
  engine.IdToken.prototype.issue = async function (options) {
    const { client, ctx } = this
    const alg = client.idTokenSignedResponseAlg
    const ours = alg === 'RS256' || (alg === 'HS256' && client.clientSecret !== undefined)
    const access = ctx?.oidc?.entities.AccessToken
    const direct = ctx?.oidc?.route === 'token'
    const hashed = direct && atHash && access ? accessTokens.valueOf(access) : undefined
    if (options?.use !== 'idtoken' || !ours || client.idTokenEncryptedResponseAlg) {
      // Other algorithms and encryption are beyond GenAuth; the hash is not.
      if (options?.use === 'idtoken' && hashed !== undefined) this.set('at_hash', hashed)
      return issue.call(this, options)
    }

    const { nonce, at_hash: token, c_hash: code, s_hash: state, ...claims } = await this.payload()
    const value = direct ? hashed : token
    const refreshed = direct && ctx.oidc?.params?.['grant_type'] === 'refresh_token'
    const iat = Math.floor(Date.now() / 1000)
    const payload = {
      ...claims,
      ...(nonce !== undefined && !refreshed && { nonce }),
      ...(value !== undefined && { at_hash: halfHash(value) }),
      ...(code !== undefined && { c_hash: halfHash(code) }),
      ...(state !== undefined && { s_hash: halfHash(state) }),
      aud: client.clientId,
      exp: iat + this.constructor.expiresIn(ctx, this, client),
      iat,
      iss: engine.issuer,
    }
    return alg === 'RS256' ? ring.sign(payload) : signHs256(payload, client.clientSecret ?? '')
  }
}
