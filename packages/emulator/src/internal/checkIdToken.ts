import type { Claims, Engine, EngineClient } from './engine.js'

/**
 * Checks an ID token that a client got here: signature, issuer, audience and lifetime, and that it is one.
 *
 * @param engine - the provider
 * @param client - the client that it is for
 * @param token - the ID token
 * @returns its claims; rejects with what is wrong
 */
export async function checkIdToken(engine: Engine, client: EngineClient, token: string): Promise<Claims> {
  const { header, payload } = await engine.IdToken.validate(token, client)
  // Access tokens and logout tokens have the same issuer, audience and signer.
  if ((header['typ'] ?? 'JWT') !== 'JWT' || payload['scope'] !== undefined)
    throw new Error('it is another kind of token')
  if (!(Number(payload['exp']) > Date.now() / 1000)) throw new Error('jwt expired')
  return payload
}
