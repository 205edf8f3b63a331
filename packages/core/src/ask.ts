import { OidcError, type ResponseReason } from './OidcError.js'
import { argumentError } from './argumentError.js'
import { configError } from './configError.js'
import { clean } from './clean.js'
import { clock } from './clock.js'
import { isObject } from './isObject.js'
import { request } from './request.js'
import type { Config, EndpointName, JsonObject, RequestOptions } from './types.js'

/** Makes the error for an answer that is not what it should be. */
export type Bad = (reason: ResponseReason, problem?: string) => OidcError<'response_invalid'>

/** Reads the JSON object of a successful answer, which is not yet trusted. */
export type Judge<T> = (body: JsonObject, bad: Bad) => T | Promise<T>

/** What is asked. */
export interface Question {
  /** Posted as a form; without one the request is a GET. */
  readonly form?: URLSearchParams
  /** Sent in the Authorization header (RFC 6750 section 2.1, RFC 9449 section 7.1): of that section's characters only. */
  readonly token?: string
  /** Set by the protocol, say by client authentication. */
  readonly headers?: Record<string, string>
  /** Sent in one of the headers, and so kept out of errors. */
  readonly secret?: string | undefined
}

// What oauth4webapi's DPoP handle does beside what its type tells.
interface Prover {
  addProof(url: URL, headers: { set(name: string, value: string): void }, htm: string, token?: string): Promise<void>
  cacheNonce?(response: { headers: { get(name: string): string | null } }, url: URL): void
}

/**
 * Asks an endpoint and judges its answer: success is 200 with a JSON object; an error body becomes an `endpoint_error`
 * that holds the server's words, freed of control characters and of every value that was sent; all else is
 * `response_invalid`.
 *
 * @param config - any config
 * @param endpoint - its name, for errors
 * @param url - where to
 * @param question - makes what to send, afresh for each attempt: a client assertion travels once
 * @param options - how to run it
 * @param judge - reads the body; left out where the body means nothing, and then 204 is a success too
 * @returns what `judge` returns
 * @throws OidcError `endpoint_error`, `response_invalid`, `argument_invalid`, `network`, `timeout`, `aborted`, `unsupported_runtime`
 */
export async function ask<T>(
  config: Config,
  endpoint: EndpointName,
  url: URL,
  question: () => Question | Promise<Question>,
  options: RequestOptions = {},
  judge?: Judge<T>,
): Promise<T> {
  const now = clock(options)
  const dpop = options?.dpop as Prover | undefined
  for (let again = !dpop; ; again = true) {
    const send: Record<string, string> = { ...options?.headers }
    for (const [name, value] of Object.entries<unknown>(send))
      if (
        typeof value != 'string' ||
        !/^(?!(authorization|content-(type|length)|accept|cookie|host|dpop):)[\w-]+:[\t -~]*$/i.test(`${name}:${value}`)
      )
        throw argumentError('headers', "printable, none of the protocol's")
    let asked: Question | undefined
    let method: 'GET' | 'POST'
    try {
      asked = await question()
      method = asked.form ? 'POST' : 'GET'
      Object.assign(send, asked.headers)
      if (asked.token) send.authorization = `${dpop ? 'DPoP' : 'Bearer'} ${asked.token}`
      await dpop?.addProof(url, { set: (name, value) => (send[name] = value) }, method, asked.token)
    } catch (error) {
      // What a key or a ClientAuth function throws is not ours to show.
      throw error instanceof OidcError
        ? error
        : asked
          ? argumentError('dpop', 'a handle that works')
          : configError(`${endpoint}EndpointAuthMethod`, 'it failed')
    }
    const { form, secret = '' } = asked
    const sent = {
      accept: 'application/json',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...send,
    }
    const answer = await request(config, endpoint, url, { method, headers: sent, body: form && `${form}` }, options)
    const { status, headers, text, reason } = answer
    // A server sends its nonce for the next proof with any answer (RFC 9449 section 8).
    try {
      dpop?.cacheNonce?.(answer, url)
    } catch {
      // A nonce that is not kept costs one challenge; what the handle throws is not ours to show.
    }
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {}

    const wait = answer.after!
    const seconds = +wait || Date.parse(wait) / 1000 - now
    const about = {
      endpoint,
      status,
      retryAfter: isNaN(seconds) ? undefined : Math.ceil(Math.min(Math.max(seconds, 0), 300)),
    }
    const bad: Bad = (reason, problem = reason) =>
      new OidcError(
        'response_invalid',
        `The ${endpoint} endpoint failed (HTTP ${status}): ${problem}. Check its address.`,
        { ...about, reason },
      )

    const told = Object(body) as JsonObject
    const { code: vendorCode, message } = told
    // A tenant may name claims so: what speaks of a token or a user is no error of GenAuth's.
    const vendor = typeof vendorCode == 'number' && typeof message == 'string' && !(told.sub || told.iss || told.jti)
    // An empty 401 says why in its header (RFC 6750 section 3).
    const error =
      told.error ??
      (status > 399 && /(?:^|,) *(?:\w+ +)?error *= *"?([^\s",]+)/.exec(headers.get('www-authenticate')!)?.[1])
    if (vendor || (error && typeof error == 'string')) {
      if (error === 'use_dpop_nonce' && !again) continue
      const values = [
        ...new URLSearchParams(`${url.search}&${form}`).values(),
        ...Object.values(send).flatMap((header) => header.split(' ')),
        secret,
      ]
      // As it is, and as it stands in a form or a query.
      const words = (said: unknown) =>
        clean(
          said,
          values.flatMap((value) => [value, `${new URLSearchParams([['', value]])}`.slice(1)]),
        )
      throw new OidcError(
        'endpoint_error',
        `The ${endpoint} endpoint refused (HTTP ${status}): see error and errorDescription, or vendorCode and vendorMessage.`,
        {
          ...about,
          // A code of lower-case letters is the protocol's, though something that was sent may be a part of it.
          error: typeof error == 'string' && /^[a-z_]{1,50}$/.test(error) ? error : words(error),
          errorDescription: words(told.error_description),
          ...(vendor && { vendorCode, vendorMessage: words(message) }),
        },
      )
    }
    if (reason && (judge || reason != 'encoding')) throw bad(reason)
    if (status != 200 && (judge || status != 204)) throw bad('status')
    if (!judge) return true as T
    if (!/^application\/(jwk-set\+)?json *(;|$)/i.test(headers.get('content-type')!)) throw bad('content_type')
    if (!isObject(body)) throw bad(body === undefined ? 'json' : 'shape')
    return judge(body, bad)
  }
}
