/**
 * Decodes base64url strictly (RFC 4648 section 5): no padding, no other character, no stray bits at the end.
 *
 * @param text - base64url
 * @returns a string with one character for each byte, or undefined
 */
export function fromBase64url(text: string): string | undefined {
  try {
    const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    // Encoding it again catches all that atob lets through: white space, padding, the other alphabet, stray bits.
    if (btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '') === text) return binary
  } catch {}
  return
}
