import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { abortable } from './abortable.js'

const reason = new Error('the user left')
const open = () => new Promise<never>(() => {})

describe('waiting for shared work', () => {
  it('gives what the work gives, with a signal and without', async () => {
    const { signal } = new AbortController()
    expect(await abortable(Promise.resolve(1), {}, 'jwks')).toBe(1)
    expect(await abortable(Promise.resolve(1), { signal }, 'jwks')).toBe(1)
    await expect(abortable(Promise.reject(reason), { signal }, 'jwks')).rejects.toBe(reason)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('ends for the waiter whose signal fires, and for no other [R27]', async () => {
    const leaving = new AbortController()
    let finish!: (value: string) => void
    const work = new Promise<string>((resolve) => (finish = resolve))
    const gone = failure(() => abortable(work, { signal: leaving.signal }, 'jwks'), 'aborted')
    const staying = abortable(work, { signal: new AbortController().signal }, 'jwks')
    leaving.abort(reason)
    expect(await gone).toMatchObject({ endpoint: 'jwks', cause: reason, retryable: true })
    finish('keys')
    expect(await staying).toBe('keys')
    expect(getEventListeners(leaving.signal, 'abort')).toHaveLength(0)
  })

  it.each([5, {}, 'signal'])('goes on with a signal that is none: %j', async (signal) => {
    expect(await abortable(Promise.resolve(1), { signal: signal as never }, 'jwks')).toBe(1)
  })

  it('does not begin when the signal has fired already', async () => {
    const error = await failure(() => abortable(open(), { signal: AbortSignal.abort(reason) }, 'token'), 'aborted')
    expect(error).toMatchObject({ endpoint: 'token', cause: reason, retryable: false })
  })
})
