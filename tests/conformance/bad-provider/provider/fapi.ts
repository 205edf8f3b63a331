import { createHash, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  decodeProtectedHeader,
  EmbeddedJWK,
  jwtVerify,
  type JWK,
} from 'jose'
import { clientKeys } from '../clients/fapi/clientKeys.js'
import type { Answer, Demand, Run } from '../types.js'
import { demandOf, isPlain, json } from './answers.js'

/** Demands one assertion that the client has signed, fresh and for this provider (RFC 7523 section 3). */
export async function demandAssertion(run: Run, form: URLSearchParams, demand: Demand): Promise<void> {
  demand(!form.has('client_secret'), 'there is one method of authentication')
  demand(
    form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    'client_assertion_type is that of a JWT',
  )
  const { jwk } = await clientKeys()
  const { id } = run.client
  try {
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', createLocalJWKSet({ keys: [jwk] }), {
      algorithms: ['ES256'],
      issuer: id,
      subject: id,
      requiredClaims: ['jti', 'exp', 'iat'],
      maxTokenAge: 60,
    })
    demand(payload.aud === run.issuer, 'the assertion is for this provider')
    demandOnce(run, payload.jti, demand)
  } catch (error) {
    demand(false, `the assertion holds (${String(error)})`)
  }
}

/**
 * Demands a DPoP proof for this very request (RFC 9449 section 4.3).
 *
 * @returns the thumbprint of its key; `nonce` is an answer that asks for one
 */
export async function demandProof(
  run: Run,
  headers: IncomingHttpHeaders,
  method: string,
  url: string,
  demand: Demand,
  accessToken?: string,
): Promise<{ readonly thumbprint: string; readonly nonce?: Answer }> {
  const proof = String(headers.dpop ?? '')
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['jti', 'iat', 'htm', 'htu'],
      maxTokenAge: 60,
    })
    const jwk = protectedHeader.jwk as JWK
    demand(!('d' in jwk), 'the proof holds the public key alone')
    demand(payload.htm === method && payload.htu === url, 'the proof is for this request')
    demand(
      payload.ath === (accessToken && createHash('sha256').update(accessToken).digest('base64url')),
      'the proof is for this token',
    )
    demandOnce(run, payload.jti, demand)
    const thumbprint = await calculateJwkThumbprint(jwk)
    const { dpopNonce } = run.behaviour
    if (dpopNonce !== false && payload.nonce !== run.user.sid) {
      const wanted = dpopNonce === 'never' ? randomBytes(8).toString('hex') : run.user.sid
      const answer = json({ error: 'use_dpop_nonce' }, 400)
      return { thumbprint, nonce: { ...answer, headers: { ...answer.headers, 'dpop-nonce': wanted } } }
    }
    return { thumbprint }
  } catch (error) {
    demand(false, `there is a proof that holds (${JSON.stringify(headerOf(proof))}: ${String(error)})`)
    return { thumbprint: '' }
  }
}

function headerOf(jwt: string) {
  try {
    return decodeProtectedHeader(jwt)
  } catch {
    return null
  }
}

function demandOnce(run: Run, jti: string | undefined, demand: Demand) {
  demand(jti !== undefined && !run.seen.has(jti), 'a jti comes once')
  if (jti !== undefined) run.seen.add(jti)
}

/** The endpoint for pushed requests (RFC 9126 section 2): what is pushed is judged when the link is followed. */
export async function push(run: Run, form: URLSearchParams): Promise<Answer> {
  const demand = demandOf(run, 'par')
  demand(isPlain(form), 'no parameter comes twice or empty')
  demand(!form.has('request_uri'), 'a pushed request names no other one')
  await demandAssertion(run, form, demand)
  if (run.violations.length > 0) return json({ error: 'invalid_request' }, 400)
  const uri = `urn:ietf:params:oauth:request_uri:${randomBytes(16).toString('base64url')}`
  const params = new URLSearchParams(form)
  params.delete('client_assertion')
  params.delete('client_assertion_type')
  run.pushed.set(uri, params)
  return json({ request_uri: uri, expires_in: 60 }, 201)
}

/** The pushed request that a link stands for: it is good once. */
export function pulled(run: Run, params: URLSearchParams, demand: Demand): URLSearchParams {
  const uri = params.get('request_uri') ?? ''
  demand([...params.keys()].sort().join() === 'client_id,request_uri', 'the link says nothing but its request_uri')
  const request = run.pushed.get(uri)
  demand(request !== undefined, 'the request_uri is good, and was not used before')
  run.pushed.delete(uri)
  return request ?? params
}
