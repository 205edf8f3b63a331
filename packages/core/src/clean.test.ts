import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean } from './clean.js'

describe("a server's words in an error", () => {
  it('are kept as they are when there is no harm in them', () => {
    expect(clean('The code is expired, 已过期.', [])).toBe('The code is expired, 已过期.')
    expect(clean('', [])).toBe('')
  })

  it.each([undefined, null, 5, {}, ['text'], true])('are nothing when they are no string: %s', (value) => {
    expect(clean(value, [])).toBeUndefined()
  })

  it('lose every value that the call sent [O123]', () => {
    expect(clean('code abc123 of abc123, secret s3cret', ['abc123', 's3cret'])).toBe(
      'code [redacted] of [redacted], secret [redacted]',
    )
  })

  it('lose the longer value first, which may hold a shorter one', () => {
    for (const sent of [
      ['tok1', 'tok1-tail'],
      ['tok1-tail', 'tok1'],
    ])
      expect(clean('tok1-tail', sent)).toBe('[redacted]')
  })

  it('keep the word undefined where a value was not sent', () => {
    expect(clean('the scope is undefined', [undefined])).toBe('the scope is undefined')
    expect(clean('the state is null', [null])).toBe('the state is null')
  })

  it('keep what is too short to be a secret', () => {
    expect(clean('a bad code', ['a', 'bad', ''])).toBe('a bad code')
  })

  it('hold no control, format or bidirectional character', () => {
    const harmful =
      '\0\u0007\b\t\n\r\u001b[31m\u007f\u0085\u009b\u00ad\u200b\u200e\u200f\u202a\u202e\u2028\u2066\u2069\ufeff'
    const words = clean(`a${harmful}b`, [])
    expect(words).toMatch(/^a[ [31m]*b$/u)
    expect(words).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })

  it('are cut at 500 characters, after the redaction', () => {
    expect(clean('x'.repeat(10_000), [])).toHaveLength(500)
    // Never within a character: half of one is no text.
    expect(encodeURIComponent(clean(`${'x'.repeat(499)}😀`, [])!)).toBe('x'.repeat(499) + '%20')
    expect(clean(`${'x'.repeat(495)}s3cret-tail`, ['s3cret-tail'])).not.toContain('s3c')
  })

  it('hold none of what was sent, whatever it was', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 4, unit: 'grapheme' })), fc.array(fc.string()), (sent, said) => {
        const words = clean(said.flatMap((word, i) => [word, sent[i] ?? '']).join(' '), sent) ?? ''
        // A value that is part of the mark itself is no secret.
        for (const value of sent)
          if (!'[redacted]'.includes(value)) expect(words.replaceAll('[redacted]', '')).not.toContain(value)
        expect(words.length).toBeLessThanOrEqual(500)
      }),
      { numRuns: 300 },
    ))
})
