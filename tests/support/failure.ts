/** How a test looks at what a function throws. */
import { inspect } from 'node:util'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { OidcError, OidcErrorCode } from '@genauth-oidc/core/OidcError'

/** The error that a call ends with; what is no error of these packages, or no error at all, fails the test. */
export async function failure<C extends OidcErrorCode = OidcErrorCode>(
  run: () => unknown,
  ...codes: C[]
): Promise<OidcError<C>> {
  let result: unknown
  try {
    result = await run()
  } catch (error) {
    if (isOidcError(error, ...codes)) return error
    throw new Error(`not the error that was expected: ${inspect(error)}`, { cause: error })
  }
  throw new Error(`no error at all, but ${inspect(result)}`)
}

/** All the text that somebody may see of a value: what logs, serialisers and debuggers print, and each of its fields. */
export function visible(value: unknown): string {
  const seen = new Set<unknown>()
  const parts: string[] = []
  const walk = (one: unknown): void => {
    if ((typeof one !== 'object' && typeof one !== 'function') || one === null) {
      parts.push(String(one))
      return
    }
    if (seen.has(one)) return
    seen.add(one)
    parts.push(inspect(one, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }))
    try {
      // eslint-disable-next-line @typescript-eslint/no-base-to-string -- what it gives is what is looked at
      parts.push(JSON.stringify(one) ?? '', String(one))
    } catch {
      // A cycle or no primitive form: its fields are looked at one by one.
    }
    for (const key of Reflect.ownKeys(one)) {
      parts.push(String(key))
      walk((one as Record<PropertyKey, unknown>)[key])
    }
  }
  walk(value)
  return parts.join('\n')
}

/** Those of the secrets that can be seen in a value, as they are or in another spelling. */
export function leaks(value: unknown, secrets: readonly string[]): string[] {
  const text = visible(value)
  return secrets.filter((secret) =>
    [
      secret,
      encodeURIComponent(secret),
      `${new URLSearchParams([['', secret]])}`.slice(1),
      btoa(secret),
      Buffer.from(secret).toString('base64url'),
      JSON.stringify(secret),
    ].some((spelling) => text.includes(spelling.replace(/^"|"$/g, ''))),
  )
}
