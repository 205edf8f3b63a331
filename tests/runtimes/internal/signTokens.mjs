// A provider's keys and ID tokens, made by node:crypto: not by the code that checks them.
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const pairs = {
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}
const algs = ['HS', 'RS', 'PS', 'ES'].flatMap((family) => [256, 384, 512].map((bits) => `${family}${bits}`))

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * Makes one token for each algorithm, and a twin of each whose claims were changed after it was signed.
 *
 * @returns what a provider publishes, the secret it shares, and the tokens
 */
export function signTokens({ issuer, appId }) {
  const secret = randomBytes(48).toString('base64url')
  const rsa = pairs.RSA()
  const published = []
  const tokens = [...algs, 'EdDSA', 'Ed25519'].map((alg) => {
    const family = alg.slice(0, 2)
    const hash = `sha${alg.slice(2)}`
    const pair = family === 'HS' ? undefined : /^[RP]S/.test(alg) ? rsa : pairs[family === 'Ed' ? 'EdDSA' : alg]()
    if (pair) published.push({ ...pair.publicKey.export({ format: 'jwk' }), kid: alg, alg, use: 'sig' })
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: appId, sub: 'alice', iat: now, exp: now + 7200 }
    const head = encode({ alg, typ: 'JWT', ...(pair && { kid: alg }) })
    const signature = (data) => {
      if (family === 'HS') return createHmac(hash, secret).update(data).digest()
      if (family === 'RS') return sign(hash, Buffer.from(data), pair.privateKey)
      if (family === 'PS')
        // 6 is RSASSA-PSS; the salt is as long as the hash (RFC 7518 section 3.5).
        return sign(hash, Buffer.from(data), { key: pair.privateKey, padding: 6, saltLength: alg.slice(2) / 8 })
      if (family === 'ES') return sign(hash, Buffer.from(data), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
      return sign(null, Buffer.from(data), pair.privateKey)
    }
    const data = `${head}.${encode(claims)}`
    const proof = signature(data).toString('base64url')
    return { alg, token: `${data}.${proof}`, forged: `${head}.${encode({ ...claims, sub: 'mallory' })}.${proof}` }
  })
  return { secret, tokens, keys: published }
}
