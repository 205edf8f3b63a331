import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import { calculateCodeChallenge } from './calculateCodeChallenge.js'
import { generateCodeChallengeDigest } from './generateCodeChallengeDigest.js'

// RFC 7636 section 4.1: ALPHA / DIGIT / "-" / "." / "_" / "~", 43 to 128 of them.
const unreserved = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~')
const verifiers = fc.string({ unit: fc.constantFrom(...unreserved), minLength: 43, maxLength: 128 })

describe('calculateCodeChallenge', () => {
  it('gives the challenge of RFC 7636 appendix B for its verifier [J93]', async () => {
    expect(await calculateCodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
  })

  it('is base64url without padding of the SHA-256 of every verifier [J93]', () =>
    fc.assert(
      fc.asyncProperty(verifiers, async (verifier) => {
        expect(await calculateCodeChallenge(verifier, 'S256')).toBe(
          createHash('sha256').update(verifier, 'ascii').digest('base64url'),
        )
      }),
      { numRuns: 200 },
    ))

  it('gives the verifier itself for plain, and only when plain is said [J92]', () =>
    fc.assert(
      fc.asyncProperty(verifiers, async (verifier) => {
        expect(await calculateCodeChallenge(verifier, 'plain')).toBe(verifier)
        expect(await calculateCodeChallenge(verifier)).not.toBe(verifier)
      }),
      { numRuns: 50 },
    ))

  it.each([
    ['42 characters', 'a'.repeat(42)],
    ['129 characters', 'a'.repeat(129)],
    ['a space', `${'a'.repeat(43)} `],
    ['a plus', `${'a'.repeat(43)}+`],
    ['a line break at the end', `${'a'.repeat(43)}\n`],
    ['a letter beyond ASCII', `${'a'.repeat(43)}ä`],
    ['nothing', ''],
    ['no string', undefined as never],
    ['a list that looks like one', ['a'.repeat(43)] as never],
    ['a symbol', Symbol('verifier') as never],
  ])('refuses a verifier of %s [J91]', async (_, verifier) => {
    expect(await failure(() => calculateCodeChallenge(verifier), 'argument_invalid')).toMatchObject({
      argument: 'codeVerifier',
    })
  })

  it.each(['s256', 'PLAIN', 'S512', '', null, 5, Symbol('S256'), {}])('knows no method %s', async (method) => {
    expect(
      await failure(() => calculateCodeChallenge('a'.repeat(43), method as never), 'argument_invalid'),
    ).toMatchObject({
      argument: 'method',
    })
  })

  it('says what a page on plain http lacks', async () => {
    vi.stubGlobal('crypto', { getRandomValues: () => {} })
    try {
      const error = await failure(() => calculateCodeChallenge('a'.repeat(43)), 'unsupported_runtime')
      expect(error.missing).toBe('crypto.subtle')
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('also has the name of the other SDKs', () => {
    expect(generateCodeChallengeDigest).toBe(calculateCodeChallenge)
  })
})
