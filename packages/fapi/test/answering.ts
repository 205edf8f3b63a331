import type { FetchInit, FetchLike } from '@genauth-oidc/core/types'

/** What was sent. */
export interface Sent extends FetchInit {
  readonly url: string
}

/** An answer, JSON by default. */
export interface Given {
  readonly status?: number
  readonly body?: unknown
  readonly type?: string
  readonly headers?: Record<string, string>
}

/** A fetch that gives these answers, the last one again and again, and keeps what was sent. */
export function answering(...answers: (Given | Error)[]): { fetch: FetchLike; sent: Sent[] } {
  const sent: Sent[] = []
  return {
    sent,
    fetch: async (url, init) => {
      const given = answers[Math.min(sent.length, answers.length - 1)]!
      sent.push({ url, ...init })
      if (given instanceof Error) throw given
      const { status = 200, body = {}, type = 'application/json', headers } = given
      return new Response(typeof body == 'string' ? body : JSON.stringify(body), {
        status,
        headers: { 'content-type': type, ...headers },
      })
    },
  }
}

/** What a call throws or rejects with. */
export async function errorOf(call: () => unknown): Promise<Record<string, unknown>> {
  try {
    await call()
  } catch (error) {
    return error as Record<string, unknown>
  }
  throw new Error('It was not refused.')
}

/** The posted form of a request. */
export const formOf = (sent: Sent | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(sent?.body))
