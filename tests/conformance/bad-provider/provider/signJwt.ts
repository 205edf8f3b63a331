import type { Claims, Issue } from '../types.js'
import { signerFor } from './signers.js'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs claims, as the run's behaviour has it. */
export async function signJwt(claims: Claims, issue: Issue, typ = 'JWT'): Promise<string> {
  const { behaviour, variant, client } = issue.run
  behaviour.beforeSigning?.(issue.run)
  const own = await signerFor(variant.alg, client.secret, issue.run.generation)
  const signer = (await behaviour.signer?.(own, issue)) ?? own
  const { alg, kid } = signer
  const header = { alg, ...(kid !== undefined && { kid }), typ }
  const sent = (await behaviour.header?.(header, issue)) ?? header
  const input = `${part(sent)}.${part(behaviour.claims?.(claims, issue) ?? claims)}`
  const jwt = `${input}.${signer.sign(input)}`
  return behaviour.jwt?.(jwt, issue) ?? jwt
}
