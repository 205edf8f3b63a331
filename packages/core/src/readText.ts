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
  let text = ''
  let reason: Read['reason']
  if (!message.body?.getReader) {
    // An empty body, or a runtime without streams.
    text = await message.text()
    return text.length > left ? { text: '', reason: 'too_large' } : { text }
  }
  const reader = (message.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for (;;) {
    const { done, value } = await reader.read()
    if (!done && !((left -= value.length) >= 0)) reason = 'too_large'
    else
      try {
        text += decoder.decode(value, { stream: !done })
      } catch {
        reason = 'encoding'
      }
    if (reason) {
      reader.cancel().catch(() => {})
      return { text: '', reason }
    }
    if (done) return { text }
  }
}
