import type { OidcErrorCode } from '@genauth-oidc/core/OidcError'
import type { Endpoint, Expected, Module, Stage, Variant } from './types.js'

/** The run ends well. */
export const accepted = (stage: 'whole' | 'refreshed' | 'logout' = 'whole', asked?: Expected['asked']): Expected => ({
  stage,
  asked,
})

/** The ID token fails one check of its claims, before its signature is looked at. */
export const refusesClaims = (check: string, stage: Stage = 'claims'): Expected =>
  refuses('token_invalid', { check }, stage)

/** The ID token's signature, or the key for it, is no good. */
export const refusesSignature = (check: 'signature' | 'key'): Expected =>
  refuses('token_invalid', { check }, 'signature')

/** The callback is not the answer to the request: nothing is asked for it. */
export const refusesCallback = (reason: string): Expected => refuses('callback_invalid', { reason }, 'callback')

/** The run ends with an error at a stage. */
export const refuses = (
  code: OidcErrorCode,
  fields: Expected['fields'],
  stage: Stage,
  asked?: Expected['asked'],
): Expected => ({ code, fields, stage, asked })

/**
 * What is asked after the authorization request, in order, when a run ends as expected: no endpoint comes twice, and
 * none after the refusal.
 */
export function expectedRequests({ expected, params, behaviour }: Module, variant: Variant): readonly Endpoint[] {
  const { stage, asked } = expected
  const { responseType, alg, fapi } = variant
  const front = /\bid_token\b/.test(responseType) || fapi === 'signed'
  const keys: Endpoint[] = alg === 'HS256' ? [] : ['jwks']
  // A provider that wants its nonce in the DPoP proof says so to the first request (RFC 9449 section 8).
  const tries: Endpoint[] = fapi && behaviour.dpopNonce !== false ? ['token', 'token'] : ['token']
  const token = responseType.includes('code') ? tries : []
  // What came through the browser is judged, down to its signature, before the code is spent.
  const exchanged = front ? [...keys, ...token] : token
  const signed = front ? exchanged : [...token, ...keys]
  const whole: Endpoint[] = responseType === 'id_token' || params?.userInfo === false ? signed : [...signed, 'userinfo']
  if (asked) return asked(whole, variant)
  const byStage: Record<Stage, readonly Endpoint[]> = {
    discovery: [],
    callback: [],
    claims: front ? [] : token,
    signature: front ? keys : [...token, ...keys],
    token: exchanged,
    'second signature': signed,
    whole,
    refresh: [...whole, 'token'],
    refreshed: [...whole, 'token', 'userinfo'],
    logout: [...whole, 'endSession'],
  }
  return byStage[stage]
}
