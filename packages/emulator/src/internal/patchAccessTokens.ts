import { randomBytes } from 'node:crypto'
import type { KeyRing } from './createKeyRing.js'
import type { Engine, EngineToken, TokenClass } from './engine.js'
import { decodeJwt } from './jwt.js'

/** What the rest of the emulator needs to know about JWT access tokens. */
export interface AccessTokens {
  /** The string that the client was given for a token that was issued in this request. */
  valueOf(token: object): string | undefined
  /** What introspection and revocation have to be asked for instead of a JWT; other tokens come back as they are. */
  stored(token: string): string
}

/**
 * Makes the engine's access tokens JWTs of GenAuth's shape: RS256, `typ` JWT, `aud` the app id, no `client_id`.
 *
 * The engine's own JWT format has another `typ` and another shape, and it takes such tokens neither at user info nor at
 * introspection. So its opaque tokens stay what is stored, and only the string that the client sees is a JWT, which
 * leads back to the stored token by its `jti`.
 *
 * @param engine - the provider, before its first request
 * @param ring - the keys to sign with
 * @param ownerOf - gives the app id that a client belongs to, which differs for access keys
 */
export function patchAccessTokens(engine: Engine, ring: KeyRing, ownerOf: (clientId: string) => string): AccessTokens {
  const issued = new WeakMap<object, string>()
  // The engine refuses a JWT at introspection and revocation. A bare jti must not work there, since it stands readable
  // in every token, so it travels behind a mark that nobody outside can know.
  const mark = randomBytes(32).toString('base64url')

  const claimsOf = (token: EngineToken, payload: Readonly<Record<string, unknown>>): object => {
    const { jkt, 'x5t#S256': x5t } = token
    const machine = token.kind === 'ClientCredentials'
    return {
      ...token.extra,
      jti: token.jti,
      ...(!machine && { sub: token.accountId }),
      iat: payload['iat'],
      exp: payload['exp'],
      scope: token.scope ?? '',
      // RFC 9396 section 9.1.
      ...(token.rar && { authorization_details: token.rar }),
      iss: engine.issuer,
      aud: ownerOf(token.clientId),
      // A machine token names its access key and has no user.
      ...(machine && { azp: token.clientId }),
      ...((jkt ?? x5t) && { cnf: { ...(jkt && { jkt }), ...(x5t && { 'x5t#S256': x5t }) } }),
    }
  }

  const patch = (tokens: TokenClass): void => {
    const { generateTokenId, getValueAndPayload } = tokens.prototype
    tokens.prototype.generateTokenId = function () {
      const id = generateTokenId.call(this)
      // GenAuth's are 21 characters; the engine's 43 would be taken for the token itself.
      return this.resourceServer ? id : id.slice(0, 21)
    }
    tokens.prototype.getValueAndPayload = async function () {
      const stored = await getValueAndPayload.call(this)
      // A token for a resource server of its own keeps the engine's format.
      if (this.resourceServer) return stored
      const value = ring.sign(claimsOf(this, stored.payload))
      issued.set(this, value)
      return { ...stored, value }
    }
    const find = tokens.find
    tokens.find = async function (value, options) {
      if (typeof value !== 'string') return undefined
      if (value.startsWith(`${mark}:`)) return find.call(this, value.slice(mark.length + 1), options)
      const jti = jtiOf(value)
      return jti === undefined ? undefined : find.call(this, jti, options)
    }
  }

  const jtiOf = (value: string): string | undefined => {
    const jwt = decodeJwt(value)
    const jti = jwt && ring.verify(jwt) && jwt.payload['iss'] === engine.issuer ? jwt.payload['jti'] : undefined
    return typeof jti === 'string' ? jti : undefined
  }

  patch(engine.AccessToken)
  patch(engine.ClientCredentials)

  return {
    valueOf: (token) => issued.get(token),
    // A JWT that is not ours leads nowhere: unknown, as it is for GenAuth, and not the engine's "unsupported".
    stored: (token) => (token.split('.').length === 3 ? `${mark}:${jtiOf(token) ?? ''}` : token),
  }
}
