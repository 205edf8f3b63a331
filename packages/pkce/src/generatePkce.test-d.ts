import { describe, expectTypeOf, test } from 'vitest'
import { calculateCodeChallenge } from './calculateCodeChallenge.js'
import { generateCodeVerifier } from './generateCodeVerifier.js'
import { generatePkce, type Pkce } from './generatePkce.js'

describe('PKCE', () => {
  test('gives what its functions are named for', () => {
    expectTypeOf(generateCodeVerifier()).toEqualTypeOf<string>()
    expectTypeOf(generateCodeVerifier(64, { random: (bytes) => crypto.getRandomValues(bytes) })).toEqualTypeOf<string>()
    expectTypeOf(calculateCodeChallenge('v')).resolves.toEqualTypeOf<string>()
    expectTypeOf(generatePkce()).resolves.toEqualTypeOf<Pkce>()
    expectTypeOf<Pkce['codeChallengeMethod']>().toEqualTypeOf<'S256'>()
  })

  test('takes nothing else', () => {
    // @ts-expect-error a length is a number
    generateCodeVerifier('43')
    // @ts-expect-error there is no such method
    void calculateCodeChallenge('v', 'S512')
    // @ts-expect-error a verifier is needed
    void calculateCodeChallenge()
    const pkce = {} as Pkce
    // @ts-expect-error a pair is not changed
    pkce.codeVerifier = 'x'
  })
})
