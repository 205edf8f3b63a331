import { OidcError, type ResponseReason } from './OidcError.js'
import { argumentError } from './argumentError.js'
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
  /** Sent in the Authorization header (RFC 6750 section 2.1, RFC 9449 section 7.1). */
  readonly token?: string
  /** Set by the protocol, say by client authentication. */
  readonly headers?: Record<string, string>
  /** Sent in one of the headers, and so kept out of errors. */
  readonly secret?: string | undefined
}

// What oauth4webapi's DPoP handle does beside what its type tells.
interface Prover {
  addProof(url: URL, headers: { set(name: string, value: string): void }, htm: string, token?: string): Promise<void>
  cacheNonce(response: { headers: { get(name: string): string | null } }, url: URL): void
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
  const dpop = options.dpop as Prover | undefined
  for (let again = !dpop; ; again = true) {
    const { form, token, headers, secret } = await question()
    const send: Record<string, string> = { accept: 'application/json', ...headers }
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      if (/^(authorization|content-(type|length)|accept|cookie|host|dpop)$/i.test(name) || !/^[\t -~]*$/.test(value))
        throw argumentError('headers', 'printable, and none of those that the protocol sets')
      send[name] = value
    }
    if (token) {
      // What can't stand in a header never reaches one (RFC 6750 section 2.1).
      if (!/^[\w.~+/=-]+$/.test(token)) throw argumentError('accessToken', 'a token as the server gave it')
      send.authorization = `${dpop ? 'DPoP' : 'Bearer'} ${token}`
    }
    if (form) send['content-type'] = 'application/x-www-form-urlencoded;charset=UTF-8'
    const method = form ? 'POST' : 'GET'
    try {
      await dpop?.addProof(url, { set: (name, value) => (send[name] = value) }, method, token)
    } catch {
      throw argumentError('dpop', 'a DPoP handle with a usable key pair')
    }
    const answer = await request(config, endpoint, url, { method, headers: send, body: form?.toString() }, options)
    // A server sends its nonce for the next proof with any answer (RFC 9449 section 8).
    dpop?.cacheNonce(answer, url)
    const { status, headers: received, text, reason } = answer
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {}

    const wait = received.get('retry-after')
    const seconds = wait ? (+wait >= 0 ? +wait : Date.parse(wait) / 1000 - clock(options)) : NaN
    const retryAfter = seconds < 1 / 0 ? Math.ceil(Math.min(Math.max(seconds, 0), 300)) : undefined
    const bad: Bad = (why, problem = why) =>
      new OidcError(
        'response_invalid',
        `The ${endpoint} endpoint's answer (HTTP ${status}) is not usable: ${problem}. Check the address and the provider's settings.`,
        { endpoint, status, reason: why, retryAfter },
      )

    const told = isObject(body) ? body : {}
    // An empty 401 says why in its header (RFC 6750 section 3).
    const challenge = (name: string) =>
      told[name] ??
      (status > 399 ? RegExp(`\\b${name}="([^"\\\\]*)"`).exec(received.get('www-authenticate') ?? '')?.[1] : undefined)
    const error = challenge('error')
    const vendor = typeof told.code == 'number' && typeof told.message == 'string'
    if ((vendor || typeof error == 'string') && !(told.sub || told.iss || told.jti)) {
      if (error == 'use_dpop_nonce' && !again) continue
      const words = (value: unknown) =>
        clean(value, [...(form?.values() ?? []), ...url.searchParams.values(), token, secret, send.authorization?.split(' ')[1]])
      throw new OidcError(
        'endpoint_error',
        `The ${endpoint} endpoint refused the request (HTTP ${status}): read ${
          vendor ? 'vendorCode and vendorMessage' : 'error and errorDescription'
        } of this error.`,
        {
          endpoint,
          status,
          error: words(error),
          errorDescription: words(challenge('error_description')),
          ...(vendor ? { vendorCode: told.code as number, vendorMessage: words(told.message) } : {}),
          retryAfter,
        },
      )
    }
    if (reason) throw bad(reason)
    if (status != 200 && (judge || status != 204)) throw bad('status')
    if (!judge) return true as T
    if (!/^application\/(jwk-set\+)?json *(;|$)/i.test(received.get('content-type') ?? '')) throw bad('content_type')
    if (body === undefined) throw bad('json')
    if (!isObject(body)) throw bad('shape')
    return judge(body, bad)
  }
}
