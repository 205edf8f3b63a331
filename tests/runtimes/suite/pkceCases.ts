import { calculateCodeChallenge } from '@genauth-oidc/pkce/calculateCodeChallenge'
import { generateCodeVerifier } from '@genauth-oidc/pkce/generateCodeVerifier'
import { generatePkce } from '@genauth-oidc/pkce/generatePkce'
import { holds, same, type Cases } from './world.js'

export const pkceCases = (): Cases => ({
  'computes the challenge of RFC 7636 Appendix B': async () => {
    const challenge = await calculateCodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
    same(challenge, 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
  },

  'makes a pair that belongs together': async () => {
    const { codeVerifier, codeChallenge, codeChallengeMethod } = await generatePkce()
    same(codeChallengeMethod, 'S256')
    same(codeChallenge, await calculateCodeChallenge(codeVerifier))
  },

  'makes verifiers of every allowed length, no two alike': async () => {
    for (const length of [43, 64, 128])
      holds(new RegExp(`^[\\w.~-]{${length}}$`).test(generateCodeVerifier(length)), `${length}`)
    same(new Set(Array.from({ length: 100 }, () => generateCodeVerifier())).size, 100)
  },

  'leaves a plain challenge as it is': async () => {
    const verifier = generateCodeVerifier()
    same(await calculateCodeChallenge(verifier, 'plain'), verifier)
  },
})
