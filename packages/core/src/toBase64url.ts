/**
 * Encodes bytes as base64url without padding (RFC 4648 section 5).
 *
 * @param bytes - at most some ten thousand bytes
 * @returns the text
 */
export const toBase64url = (bytes: Uint8Array | ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')
