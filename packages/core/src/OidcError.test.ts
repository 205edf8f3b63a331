import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { argumentError } from './argumentError.js'
import { configError } from './configError.js'
import { isOidcError } from './isOidcError.js'
import { OidcError } from './OidcError.js'
import { unsupported } from './unsupported.js'

describe('an OidcError', () => {
  const error = new OidcError('callback_invalid', 'what failed, and what to do', { reason: 'state' })

  it('is shown by its own name where nobody caught it', () => {
    expect(inspect(error)).toMatch(/^OidcError: what failed, and what to do\n/)
  })

  it('is an Error with a code, the fields of the code, and a stack', () => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(OidcError)
    expect(error).toMatchObject({ name: 'OidcError', code: 'callback_invalid', reason: 'state' })
    expect(error.message).toBe('what failed, and what to do')
    expect(error.stack).toContain('OidcError.test.ts')
    expect(String(error)).toContain('what failed')
  })

  it('has a cause only where one is given', () => {
    expect('cause' in error).toBe(false)
    const reason = new Error('left the page')
    const fields = { endpoint: 'token', retryable: false, mayHaveArrived: false } as const
    expect(new OidcError('aborted', 'a', fields, { cause: reason }).cause).toBe(reason)
    expect('cause' in new OidcError('aborted', 'a', fields, { cause: undefined })).toBe(true)
  })

  it('goes into JSON with its code and fields', () => {
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: 'callback_invalid', reason: 'state' })
  })

  it('names the field or argument, and the remedy', () => {
    expect(configError('endpoints.token', 'set it')).toMatchObject({
      code: 'config_invalid',
      issues: [{ path: 'endpoints.token', message: 'set it' }],
      message: expect.stringMatching(/endpoints\.token.*set it/),
    })
    expect(argumentError('code', 'a string')).toMatchObject({
      code: 'argument_invalid',
      argument: 'code',
      message: expect.stringMatching(/code.*a string/),
    })
    expect(unsupported('fetch')).toMatchObject({ code: 'unsupported_runtime', missing: 'fetch' })
  })
})

describe('isOidcError', () => {
  const error = argumentError('code', 'a string')

  it('knows an error, and tells its codes apart', () => {
    expect(isOidcError(error)).toBe(true)
    expect(isOidcError(error, 'argument_invalid')).toBe(true)
    expect(isOidcError(error, 'network', 'argument_invalid')).toBe(true)
    expect(isOidcError(error, 'network')).toBe(false)
  })

  it('knows the errors of another copy of the package', async () => {
    const path = './OidcError.js?another-copy'
    const copy = (await import(/* @vite-ignore */ path)) as { OidcError: typeof OidcError }
    expect(copy.OidcError).not.toBe(OidcError)
    const foreign = new copy.OidcError('timeout', 'late', { endpoint: 'token', retryable: false, mayHaveArrived: true })
    expect(foreign).not.toBeInstanceOf(OidcError)
    expect(isOidcError(foreign, 'timeout')).toBe(true)
  })

  it.each([
    undefined,
    null,
    0,
    'argument_invalid',
    Symbol('error'),
    {},
    [],
    new Error('x'),
    { code: 'network' },
    () => {},
  ])('is false for %o', (other) => {
    expect(isOidcError(other)).toBe(false)
  })
})
