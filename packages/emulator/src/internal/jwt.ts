import { createHmac, sign, verify, type KeyObject } from 'node:crypto'

/** A decoded JWT. */
export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  readonly signed: string
  readonly signature: Buffer
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads a JWT without checking it; undefined when it has not the form of one. */
export function decodeJwt(token: string): Jwt | undefined {
  const parts = token.split('.')
  const [header, payload, signature] = parts
  if (parts.length !== 3 || !header || !payload || !signature || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token))
    return undefined
  try {
    const decoded = [header, payload].map((part): unknown =>
      JSON.parse(Buffer.from(part, 'base64url').toString('utf8')),
    )
    if (!isObject(decoded[0]) || !isObject(decoded[1])) return undefined
    return {
      header: decoded[0],
      payload: decoded[1],
      signed: `${header}.${payload}`,
      signature: Buffer.from(signature, 'base64url'),
    }
  } catch {
    return undefined
  }
}

const mac = (signed: string, secret: string): Buffer => createHmac('sha256', secret).update(signed).digest()

/** Signs with the app secret, as GenAuth does by default: no `kid` in the header. */
export function signHs256(payload: object, secret: string): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`
  return `${signed}.${mac(signed, secret).toString('base64url')}`
}

/** Signs with an RSA key. */
export function signRs256(payload: object, key: KeyObject, kid: string): string {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(payload)}`
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`
}

/** Whether the signature was made with this RSA key. */
export const verifyRs256 = (jwt: Jwt, key: KeyObject): boolean =>
  jwt.header['alg'] === 'RS256' && verify('RSA-SHA256', Buffer.from(jwt.signed), key, jwt.signature)
