import type { Bytes } from './types.js'

/**
 * The bytes of a string that has one character for each byte.
 *
 * @param binary - characters up to U+00FF
 * @returns the bytes
 */
export function toBytes(binary: string): Bytes {
  const bytes = new Uint8Array(binary.length)
  for (let i = binary.length; i--;) bytes[i] = binary.charCodeAt(i)
  return bytes
}
