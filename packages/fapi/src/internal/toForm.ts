/** The fields of a form; a list is sent as the same name several times, what is undefined is left out. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

/** Makes the form. */
export function toForm(fields: Fields): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) for (const one of [value].flat()) form.append(name, one)
  return form
}
