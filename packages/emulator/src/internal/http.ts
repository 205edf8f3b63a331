import { Readable } from 'node:stream'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** No request to an OpenID provider is longer than this. */
const LIMIT = 64 * 1024

/** A request with its address read and its body in memory. */
export interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly method: string
  readonly url: URL
  /** The body of a request that has one; empty otherwise. */
  readonly body: string
}

/** The body when it is a form, else nothing. */
export const formOf = ({ req, body }: Pick<Exchange, 'req' | 'body'>): URLSearchParams | undefined =>
  /^application\/x-www-form-urlencoded\s*(;|$)/i.test(req.headers['content-type'] ?? '')
    ? new URLSearchParams(body)
    : undefined

/** Reads a body to its end; undefined when it is too large. */
export async function readBody(req: IncomingMessage): Promise<string | undefined> {
  if (Number(req.headers['content-length'] ?? 0) > LIMIT) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMIT) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size).toString('utf8')
}

/** What is put in the place of a request before the engine sees it. */
export interface Rewrite {
  readonly body?: string
  readonly headers?: IncomingMessage['headers']
  readonly url?: string
}

/**
 * The request once more, as the engine can read it: its body was consumed, and a parsed one would make the engine warn,
 * so it is a fresh stream that carries the fields of the original. The mount path is cut off `url` and kept in
 * `originalUrl`, where the engine looks for it.
 */
export function replay(
  { req, body }: Pick<Exchange, 'req' | 'body'>,
  mount: string,
  changes: Rewrite = {},
): IncomingMessage {
  const text = changes.body ?? body
  const bytes = Buffer.from(text, 'utf8')
  const headers = { ...(changes.headers ?? req.headers) }
  delete headers['transfer-encoding']
  if (bytes.length > 0 || headers['content-length'] !== undefined) headers['content-length'] = String(bytes.length)
  const url = changes.url ?? req.url ?? '/'
  return Object.assign(Readable.from(bytes.length > 0 ? [bytes] : [], { objectMode: false }), {
    method: req.method,
    headers,
    httpVersion: req.httpVersion,
    socket: req.socket,
    connection: req.socket,
    originalUrl: url,
    url: url.slice(mount.length) || '/',
  }) as unknown as IncomingMessage
}

const GUARDS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Answers with JSON. */
export function sendJson(
  res: ServerResponse,
  status: number,
  body: object | null,
  headers: Record<string, string> = {},
): ServerResponse {
  res.writeHead(status, { ...GUARDS, 'content-type': 'application/json; charset=utf-8', ...headers })
  return res.end(JSON.stringify(body))
}

/** Answers with text. */
export function sendText(res: ServerResponse, status: number, body: string, type = 'text/plain'): ServerResponse {
  res.writeHead(status, { ...GUARDS, 'content-type': `${type}; charset=utf-8` })
  return res.end(body)
}

/** Answers with a page. No form-action rule: Chromium applies it to the redirect to the application, too. */
export function sendPage(res: ServerResponse, status: number, html: string): ServerResponse {
  res.writeHead(status, {
    ...GUARDS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  })
  return res.end(html)
}

/** Sends the browser elsewhere, with GET. */
export function redirect(res: ServerResponse, location: string): ServerResponse {
  res.writeHead(303, { ...GUARDS, location, 'content-length': '0' })
  return res.end()
}

/** The value of a cookie. */
export const cookieOf = (req: IncomingMessage, name: string): string | undefined =>
  (req.headers.cookie ?? '')
    .split(/;\s*/)
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)
