import type { Bad } from '@genauth-oidc/core/ask'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { clean } from '@genauth-oidc/core/clean'
import { clock } from '@genauth-oidc/core/clock'
import { isObject } from '@genauth-oidc/core/isObject'
import { OidcError } from '@genauth-oidc/core/OidcError'
import { request } from '@genauth-oidc/core/request'
import type { Config, EndpointName, JsonObject, RequestOptions } from '@genauth-oidc/core/types'
import { ownHeaders } from './ownHeaders.js'
import { prover } from './prover.js'
import { readJson } from './readJson.js'

/** One question in full, where `ask` knows only forms and JSON answers with status 200. */
export interface Message {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly form?: URLSearchParams
  readonly json?: JsonObject
  readonly token?: string | undefined
  readonly headers?: Record<string, string>
  /** Sent in a header, and so kept out of errors. */
  readonly secret?: string | undefined
}

/** What counts as an answer. */
export interface Wanted<T> {
  readonly status: number
  /** The media type without parameters; JSON by default, null where the body means nothing. */
  readonly type?: string | null
  readonly judge: (text: string, bad: Bad) => T | Promise<T>
}

/**
 * Sends what `ask` of core can't: another success status, another media type, JSON, PUT and DELETE. Errors are the same.
 *
 * @param config - any config
 * @param endpoint - its name, for errors
 * @param url - where to
 * @param message - makes what to send, afresh for each attempt
 * @param given - how to run it
 * @param wanted - what counts as an answer
 * @returns what `judge` returns
 */
export async function send<T>(
  config: Config,
  endpoint: EndpointName,
  url: URL,
  message: () => Message | Promise<Message>,
  given: RequestOptions | null | undefined,
  { status: success, type = 'application/json', judge }: Wanted<T>,
): Promise<T> {
  const options = given ?? {}
  const dpop = prover(options)
  for (let again = !dpop; ; again = true) {
    const headers: Record<string, string> = {
      accept: type ?? 'application/json',
      ...ownHeaders(options.headers, /^(authorization|content-(type|length)|accept|cookie|host|dpop)$/i),
    }
    const { form, json, token, secret, ...told } = await message()
    if (token !== undefined && !/^[\w.~+/=-]+$/.test(token)) throw argumentError('accessToken', 'as the server gave it')
    const method = told.method ?? (form || json ? 'POST' : 'GET')
    Object.assign(headers, told.headers)
    if (token !== undefined) headers.authorization = `${dpop ? 'DPoP' : 'Bearer'} ${token}`
    await dpop?.addProof(url, { set: (name, value) => (headers[name] = value) }, method, token)
    if (form) headers['content-type'] = 'application/x-www-form-urlencoded'
    if (json) headers['content-type'] = 'application/json'
    const body = form ? `${form}` : json && JSON.stringify(json)

    const answer = await request(config, endpoint, url, { method, headers, body }, options)
    dpop?.cacheNonce(answer, url)
    const { status, text, reason } = answer
    const wait = answer.after
    const seconds = isNaN(+wait!) ? Date.parse(wait!) / 1000 - clock(options) : +wait!
    const retryAfter = wait && !isNaN(seconds) ? Math.ceil(Math.min(Math.max(seconds, 0), 300)) : undefined
    const bad: Bad = (why, problem = why) =>
      new OidcError(
        'response_invalid',
        `The ${endpoint} endpoint failed (HTTP ${status}): ${problem}. Check its address.`,
        { endpoint, status, reason: why, retryAfter },
      )
    if (status > 399 && !reason) {
      const said = readJson(text)
      const { error: own, error_description } = isObject(said) ? said : ({} as JsonObject)
      const error =
        own ?? /(?:^|,) *(?:\w+ +)?error *= *"?([^\s",]+)/.exec(answer.headers.get('www-authenticate') ?? '')?.[1]
      if (error && typeof error == 'string') {
        if (error == 'use_dpop_nonce' && !again) continue
        const values = [
          ...(form ?? url.searchParams).values(),
          ...strings(json),
          ...Object.values(headers).flatMap((header) => header.split(' ')),
          ...strings(secret),
        ]
        // As it is, and as it stands in a form or a query.
        const sent = values.flatMap((value) => [value, new URLSearchParams([['', value]]).toString().slice(1)])
        throw new OidcError(
          'endpoint_error',
          `The ${endpoint} endpoint refused (HTTP ${status}): see error and errorDescription.`,
          {
            endpoint,
            status,
            // A code of lower-case letters is the protocol's, though something that was sent may be a part of it.
            error: /^[a-z_]{1,50}$/.test(error) ? error : clean(error, sent),
            errorDescription: clean(error_description, sent),
            retryAfter,
          },
        )
      }
    }
    if (reason) throw bad(reason)
    if (status != success) throw bad('status')
    const [got = ''] = (answer.headers.get('content-type') ?? '').split(';')
    if (type !== null && got.trim().toLowerCase() != type) throw bad('content_type')
    return judge(text, bad)
  }
}

/** Every text in a JSON value. */
const strings = (value: unknown): string[] =>
  typeof value == 'string' ? [value] : typeof value == 'object' && value ? Object.values(value).flatMap(strings) : []

/** Reads the body of an answer as a JSON object. */
export function toJson(text: string, bad: Bad): JsonObject {
  const body = readJson(text)
  if (!isObject(body)) throw bad(body === undefined ? 'json' : 'shape')
  return body
}
