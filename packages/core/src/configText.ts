import { configError } from './configError.js'

/**
 * Refuses anything but a non-empty string in a config that nobody parsed.
 *
 * @param value - what the config has
 * @param path - the field
 * @returns the string
 * @throws OidcError `config_invalid` at the field
 */
export function configText(value: unknown, path: string): string {
  if (typeof value != 'string' || !value) throw configError(path, 'set a non-empty string')
  return value
}
