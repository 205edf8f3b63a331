/**
 * Reads the body of a response as it is, counting its bytes while they come.
 *
 * @param message - a response, unread
 * @param most - the limit in bytes, after decoding of transfer and content
 * @returns the bytes, undefined where there are more
 */
export async function readBytes(
  message: {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every runtime has its own stream type
    readonly body?: any
    arrayBuffer?(): Promise<ArrayBuffer>
    text(): Promise<string>
  },
  most: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const reader = message.body?.getReader?.() as ReadableStreamDefaultReader<Uint8Array> | undefined
  // Without a stream: an empty body, or a runtime that knows none.
  if (!reader) {
    const all = message.arrayBuffer
      ? new Uint8Array(await message.arrayBuffer())
      : new TextEncoder().encode(await message.text())
    return all.length > most ? undefined : all
  }
  const parts: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > most) {
      reader.cancel().catch(() => {})
      return
    }
    parts.push(value)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
