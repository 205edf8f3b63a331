import { argumentError } from '@genauth-oidc/core/argumentError'

/**
 * Writes what the caller gave as JSON.
 *
 * @param value - no cycle, no bigint, no function alone
 * @param argument - its name, for the error
 * @returns the text
 * @throws OidcError `argument_invalid`
 */
export function toText(value: unknown, argument: string): string {
  try {
    const text = JSON.stringify(value) as string | undefined
    if (text !== undefined) return text
  } catch {}
  throw argumentError(argument, 'what JSON can say')
}
