import type { Answer, Demand, Run } from '../types.js'

export const json = (body: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body,
})

export const html = (body: string, status = 200): Answer => ({ status, headers: { 'content-type': 'text/html' }, body })

export const redirect = (location: string, status = 302): Answer => ({ status, headers: { location }, body: '' })

/** The same answer with other members; `undefined` takes one away. */
export const withMembers = (answer: Answer, members: Record<string, unknown>): Answer => ({
  ...answer,
  body: { ...(answer.body as object), ...members },
})

/** Notes what a well-behaved client would not do, by the endpoint where it was done. */
export const demandOf =
  (run: Run, endpoint: string): Demand =>
  (holds, rule) => {
    if (!holds) run.violations.push(`${endpoint}: ${rule}`)
  }

/** Whether no parameter comes twice, and none without a value. */
export const isPlain = (params: URLSearchParams): boolean =>
  new Set(params.keys()).size === [...params].length && [...params.values()].every((value) => value !== '')
