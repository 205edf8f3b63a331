import { describe, expect, it } from 'vitest'
import { createSessionCheck } from './createSessionCheck.js'

describe('createSessionCheck (OpenID Connect Session Management 1.0 section 3)', () => {
  const config = { appId: 'an-app-id', issuer: 'https://id.example.com' } as const
  const metadata = { issuer: config.issuer, check_session_iframe: 'https://id.example.com/session/check' }

  it('asks the provider’s frame in its words, and listens to nobody else', () => {
    const check = createSessionCheck(config, { sessionState: 'abc.salt' }, { metadata })
    expect(check.message).toBe('an-app-id abc.salt')
    expect([check.url.href, check.origin]).toEqual([metadata.check_session_iframe, config.issuer])
    const origin = check.origin
    expect(['changed', 'unchanged', 'error'].map((data) => check.read({ origin, data }))).toEqual([
      'changed',
      'unchanged',
      'error',
    ])
    expect(check.read({ origin: 'https://evil.example', data: 'unchanged' })).toBeUndefined()
    expect(check.read({ origin, data: { changed: true } })).toBeUndefined()
  })

  it('is refused without a frame, and with a state that would end the message early', () => {
    expect(() => createSessionCheck(config, { sessionState: 'abc' })).toThrow(/check_session_iframe/)
    for (const sessionState of ['abc def', '', undefined, null, 5])
      expect(() => createSessionCheck(config, { sessionState: sessionState as string }, { metadata })).toThrow(
        expect.objectContaining({ code: 'argument_invalid', argument: 'sessionState' }),
      )
  })

  it('takes no frame from another provider', () => {
    const foreign = { issuer: 'https://evil.example', check_session_iframe: 'https://evil.example/session' }
    expect(() => createSessionCheck(config, { sessionState: 'abc' }, { metadata: foreign })).toThrow(
      expect.objectContaining({ code: 'argument_invalid', argument: 'metadata' }),
    )
  })
})
