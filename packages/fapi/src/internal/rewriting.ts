import { readText } from '@genauth-oidc/core/readText'
import type { FetchLike, ResponseLike } from '@genauth-oidc/core/types'

/**
 * Makes a `fetch` that changes successful JSON answers before anybody reads them.
 *
 * @param send - what sends
 * @param change - gives the text to hand on; when it throws, the answer stays as it is
 * @returns the function
 */
export const rewriting =
  (send: FetchLike, change: (text: string) => string | Promise<string>): FetchLike =>
  async (url, init): Promise<ResponseLike> => {
    const answer = await send(url, init)
    // What `ask` takes for JSON, and nothing else: what it would read must have come through here.
    if (
      answer.status != 200 ||
      !/^application\/(jwk-set\+)?json *(;|$)/i.test(answer.headers.get('content-type') ?? '')
    )
      return answer
    const { status, headers, type, redirected } = answer
    const read = await readText(answer, 1 << 20)
    // Too long: handed on as long as it was, so that whoever reads it says so.
    let text = read.reason == 'too_large' ? ' '.repeat((1 << 20) + 1) : read.text
    try {
      text = await change(text)
    } catch {}
    const handed: ResponseLike = { status, headers, text: async () => text }
    return {
      ...handed,
      url: answer.url!,
      ...(type !== undefined && { type }),
      ...(redirected !== undefined && { redirected }),
    }
  }
