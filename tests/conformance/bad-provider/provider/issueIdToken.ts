import { createHash } from 'node:crypto'
import type { Claims, Issue } from '../types.js'
import { signJwt } from './signJwt.js'

/** What an ID token is issued for. */
export interface IdTokenParams extends Issue {
  readonly nonce?: string | undefined
  readonly accessToken?: string | undefined
  readonly authTime?: number | undefined
}

// Every algorithm here hashes with SHA-256.
const halfHash = (value: string) => createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url')

/** Issues an ID token, as the run's behaviour has it. */
export async function issueIdToken({ nonce, accessToken, authTime, ...issue }: IdTokenParams): Promise<string> {
  const { run, place, code } = issue
  const now = Math.floor(Date.now() / 1000)
  const claims: Claims = {
    iss: run.issuer,
    sub: run.user.sub,
    aud: run.client.id,
    iat: now,
    exp: now + 300,
    sid: run.user.sid,
    ...(nonce !== undefined && { nonce }),
    ...(authTime !== undefined && { auth_time: authTime }),
    ...(accessToken !== undefined && { at_hash: halfHash(accessToken) }),
    ...(code !== undefined && place === 'authorization' && { c_hash: halfHash(code) }),
    // Where no access token comes there is no other place for them (OIDC Core section 5.4).
    ...(run.variant.responseType === 'id_token' && { email: run.user.email }),
  }
  const token = await signJwt(claims, issue)
  run.idTokens.add(token)
  return token
}
