/** A text, or why there is none. */
export interface Read {
  readonly text: string
  readonly reason?: 'too_large' | 'encoding' | undefined
}

/**
 * Reads the body of a request or a response as UTF-8, counting its bytes while they come.
 *
 * @param message - a `Request` or a `Response`, unread
 * @param left - the limit in bytes, after decoding of transfer and content
 * @returns the text, empty where there is a `reason` why it can't be used
 */
export async function readText(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every runtime has its own stream type
  message: { readonly body?: any; text(): Promise<string> },
  left: number,
): Promise<Read> {
  const reader = message.body?.getReader?.() as ReadableStreamDefaultReader<Uint8Array> | undefined
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  // Without a stream: an empty body, or a runtime that knows none.
  let text = reader ? '' : await message.text()
  let reason: Read['reason'] = text.length > left ? 'too_large' : undefined
  while (reader && !reason) {
    const { done, value } = await reader.read()
    try {
      text += decoder.decode(value, { stream: !done })
    } catch {
      reason = 'encoding'
    }
    if (done) break
    if (!((left -= value.length) >= 0)) reason = 'too_large'
  }
  if (reason) reader?.cancel().catch(() => {})
  return { text: reason ? '' : text, reason }
}
