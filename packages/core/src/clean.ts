/**
 * Makes a server's words safe to keep in an error: what the call sent is replaced by `[redacted]`, control, format and
 * bidirectional characters by a space, and the rest is cut at 500 characters.
 *
 * @param text - what the server said
 * @param sent - the values that the call sent; those under four characters are no secrets
 * @returns the words, or undefined where there are none
 */
export function clean(text: unknown, sent: readonly unknown[]): string | undefined {
  return typeof text == 'string'
    ? sent
        .filter((value): value is string => typeof value == 'string' && value.length > 3)
        // A longer value first: it may hold a shorter one.
        .sort((a, b) => b.length - a.length)
        .reduce((words, value) => words.replaceAll(value, '[redacted]'), text)
        // A character may be cut in two: what is left of it goes, too.
        .slice(0, 500)
        .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    : undefined
}
