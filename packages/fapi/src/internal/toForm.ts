import { argumentError } from '@genauth-oidc/core/argumentError'

/** The fields of a form; a list is sent as the same name several times, what is undefined is left out. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Makes the form.
 *
 * @param fields - by wire name
 * @returns the form
 * @throws OidcError `argument_invalid` at the argument of a field that is no text
 */
export function toForm(fields: Fields): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined)
      for (const one of [value].flat() as unknown[]) {
        if (typeof one != 'string')
          throw argumentError(
            name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
            'a text',
          )
        form.append(name, one)
      }
  return form
}
