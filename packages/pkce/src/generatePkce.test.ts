import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { failure } from '../../../tests/support/failure.js'
import * as all from './index.js'
import { generatePkce } from './generatePkce.js'

describe('generatePkce', () => {
  it('gives a verifier, its S256 challenge and the method by name [J92]', async () => {
    const pkce = await generatePkce()
    expect(Object.keys(pkce).sort()).toEqual(['codeChallenge', 'codeChallengeMethod', 'codeVerifier'])
    expect(pkce.codeVerifier).toMatch(/^[\w-]{43}$/)
    expect(pkce.codeChallenge).toBe(createHash('sha256').update(pkce.codeVerifier).digest('base64url'))
    expect(pkce.codeChallengeMethod).toBe('S256')
  })

  it('is new at every sign-in [A6]', async () => {
    const many = await Promise.all(Array.from({ length: 500 }, () => generatePkce()))
    expect(new Set(many.map(({ codeVerifier }) => codeVerifier)).size).toBe(500)
  })

  it('takes randomness from the caller when it is given [R1]', async () => {
    const { codeVerifier } = await generatePkce({ random: (bytes) => bytes.fill(255) })
    expect(codeVerifier).toBe('_'.repeat(42) + '8')
  })

  it('rejects, and never throws at once, where WebCrypto is missing', async () => {
    vi.stubGlobal('crypto', undefined)
    try {
      const promise = generatePkce()
      expect(await failure(() => promise, 'unsupported_runtime')).toMatchObject({ missing: 'crypto.getRandomValues' })
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('the package', () => {
  it('offers five functions', () => {
    expect(Object.keys(all).sort()).toEqual([
      'calculateCodeChallenge',
      'generateCodeChallenge',
      'generateCodeChallengeDigest',
      'generateCodeVerifier',
      'generatePkce',
    ])
  })
})
