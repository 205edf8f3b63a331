/**
 * Compares two strings without an early exit, so that the time taken does not tell how much of a secret was right.
 *
 * @param a - what came
 * @param b - what is expected
 * @returns whether they are the same string; anything but a string is never equal
 */
export function equal(a: unknown, b: unknown): boolean {
  if (typeof a != 'string' || typeof b != 'string') return false
  let difference = a.length ^ b.length
  for (let i = a.length; i--;) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return !difference
}
