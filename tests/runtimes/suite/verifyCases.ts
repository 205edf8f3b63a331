import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { SigningAlg } from '@genauth-oidc/core/types'
import { verifyIdToken } from '@genauth-oidc/verify/verifyIdToken'
import { fails, holds, same, tokensOf, type Cases, type World } from './world.js'

const ENGINE = { post: 'HS256', RS256: 'RS256', PS256: 'PS256', ES256: 'ES256', EdDSA: 'EdDSA' }

export const verifyCases = (world: World): Cases => {
  const { signed } = world
  const configFor = (alg: string, jwks = signed.config.endpoints?.jwks) =>
    defineConfig({
      ...signed.config,
      idTokenSigningAlgs: [alg as SigningAlg],
      endpoints: { ...signed.config.endpoints, ...(jwks !== undefined && { jwks }) },
    })
  const tokenOf = (alg: string): string => signed.tokens.find((one) => one.alg === alg)!.token

  const engine = Object.entries(ENGINE).map(([app, alg]) => [
    `holds an ID token of the provider to its ${alg} signature`,
    async () => {
      const config = world.config(app)
      const { id_token: idToken, access_token: accessToken, claims } = await tokensOf(world, config)
      same(await verifyIdToken(config, idToken, { accessToken }), claims, 'claims')
    },
  ])
  const all = signed.tokens.map(({ alg, token, forged }) => [
    `${alg}: a signature by Node holds, a forged or a shortened one does not`,
    async () => {
      same((await verifyIdToken(configFor(alg), token)).sub, 'alice')
      // Without its last octets, in whole groups of four characters.
      const short = token.slice(0, -((token.split('.')[2]!.length % 4) + 4))
      for (const bad of [forged, short])
        await fails(verifyIdToken(configFor(alg), bad), 'token_invalid', { check: 'signature' }, [bad])
      const other = alg === 'RS256' ? 'ES256' : 'RS256'
      await fails(verifyIdToken(configFor(other), token), 'token_invalid', { check: 'alg' }, [token])
    },
  ])
  return {
    ...(Object.fromEntries([...engine, ...all]) as Cases),

    'fetches the keys once for two tokens': async () => {
      const jwks = world.odd('keys')
      for (const alg of ['RS256', 'ES256']) await verifyIdToken(configFor(alg, jwks.url), tokenOf(alg))
      same(await jwks.count(), 1, 'number of requests')
    },

    'fetches the keys once for all who wait; on Workers each request fetches for itself [R33]': async () => {
      const jwks = world.odd('keys')
      const config = configFor('RS256', jwks.url)
      await Promise.all(Array.from({ length: 4 }, async () => verifyIdToken(config, tokenOf('RS256'))))
      const alone = globalThis.navigator?.userAgent === 'Cloudflare-Workers'
      same(await jwks.count(), alone ? 4 : 1, 'number of requests')
    },

    'fetches the keys again for one that is new': async () => {
      const jwks = world.odd('rotating-keys')
      await verifyIdToken(configFor('RS256', jwks.url), tokenOf('RS256'))
      await verifyIdToken(configFor('ES256', jwks.url), tokenOf('ES256'))
      same(await jwks.count(), 2, 'number of requests')
    },

    'takes the keys from a store of the application': async () => {
      const jwks = world.odd('keys')
      const store = new Map<string, unknown>()
      for (let time = 0; time < 2; time++)
        await verifyIdToken(configFor('RS256', jwks.url), tokenOf('RS256'), {}, { jwks: store })
      same([store.size, await jwks.count()], [1, 1])
      holds(JSON.stringify([...store.values()]).includes('RS256'), 'the store has the keys')
    },
  }
}
