import type { FetchLike, OidcConfig } from '@genauth-oidc/core/types'
import { createDpop } from '@genauth-oidc/fapi/createDpop'
import { fetchResource } from '@genauth-oidc/fapi/fetchResource'
import { pushAuthorizationRequest } from '@genauth-oidc/fapi/pushAuthorizationRequest'
import { verifyDpopRequest } from '@genauth-oidc/fapi/verifyDpopRequest'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { refreshLogin } from '@genauth-oidc/login/refreshLogin'
import { getAccessTokenByClientCredentials } from '@genauth-oidc/tokens/getAccessTokenByClientCredentials'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { introspectToken } from '@genauth-oidc/tokens/introspectToken'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateKeyPair } from 'oauth4webapi'
import { afterAll, describe, expect, it } from 'vitest'
import { errorOf, startProvider } from './support/fapi.js'

// The engine binds no token of the front channel.
const BOUND = {
  dpop_bound_access_tokens: true,
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
}

const servers: { close(): unknown }[] = []
afterAll(() => servers.forEach((server) => server.close()))

/** An API that takes bound tokens only, and demands a nonce of its own. */
async function startApi(config: OidcConfig): Promise<{ url: string; statuses: number[]; seen: Set<string> }> {
  const statuses: number[] = []
  const seen = new Set<string>()
  const server = createServer((req, res) => {
    void (async () => {
      const { port } = server.address() as AddressInfo
      const headers = new Headers(
        Object.entries(req.headers).map(([name, value]): [string, string] => [name, String(value)]),
      )
      const request = new Request(`http://127.0.0.1:${port}${req.url!}`, { method: req.method!, headers })
      const answer = (status: number, body: object, more: Record<string, string> = {}) => {
        statuses.push(status)
        res.writeHead(status, { 'content-type': 'application/json', 'dpop-nonce': 'nonce-of-the-api', ...more })
        res.end(JSON.stringify(body))
      }
      try {
        const { sub } = await verifyDpopRequest(config, request, {
          scope: 'openid',
          nonce: (nonce) => nonce === 'nonce-of-the-api',
          seen: (jti) => seen.size === seen.add(jti).size,
        })
        answer(200, { sub })
      } catch (error) {
        const { check } = error as { check?: string }
        const why = check === 'nonce' ? 'use_dpop_nonce' : 'invalid_token'
        answer(401, { check }, { 'www-authenticate': `DPoP error="${why}"` })
      }
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`, statuses, seen }
}

/** A fetch that remembers the proofs it carried. */
function recording(): { fetch: FetchLike; proofs: { url: string; proof: string; authorization?: string }[] } {
  const proofs: { url: string; proof: string; authorization?: string }[] = []
  const send: FetchLike = async (url, init) => {
    const { dpop, authorization } = init.headers
    if (dpop) proofs.push({ url, proof: dpop, ...(authorization && { authorization }) })
    return fetch(url, init)
  }
  return { fetch: send, proofs }
}

describe.each([{ forceNonce: true }, { forceNonce: false }])(
  'bound tokens (RFC 9449), $forceNonce for forced nonces',
  (dpopOptions) => {
    it('sign the user in, renew and read user info, with one question more for each nonce that lacked', async () => {
      const { config, statuses } = await startProvider({ par: true, dpop: dpopOptions }, BOUND)
      const { fetch, proofs } = recording()
      const dpop = await createDpop(config)
      const options = { dpop, fetch }
      const { url, transaction } = await beginLogin(config, { scope: 'openid profile offline_access' })
      const short = await pushAuthorizationRequest(config, url, options)
      const callback = await signIn(short)
      const login = await completeLogin(config, callback.url, transaction, { ...options, userInfo: true })
      expect(login.tokens.token_type).toBe('DPoP')
      expect(login.userInfo.sub).toBe(login.claims.sub)
      const renewed = await refreshLogin(config, login, options)
      expect(renewed.tokens.token_type).toBe('DPoP')
      // Once per kind of nonce: the server of codes and tokens, then the API for user info.
      const lacked = dpopOptions.forceNonce ? 1 : 0
      expect(statuses('/oidc/request')).toEqual([...Array<number>(lacked).fill(400), 201])
      expect(statuses('/oidc/token').filter((status) => status === 200)).toHaveLength(2)
      expect(statuses('/oidc/token').length).toBeLessThanOrEqual(3)
      expect(statuses('/oidc/me').at(-1)).toBe(200)

      const claims = proofs.map(({ proof }) => decodeJwt(proof))
      expect(new Set(claims.map(({ jti }) => jti)).size).toBe(proofs.length)
      const thumbprint = await dpop.calculateThumbprint()
      const { cnf } = decodeJwt(login.tokens.access_token) as { cnf?: { jkt?: string } }
      expect(cnf?.jkt).toBe(thumbprint)
      for (const { proof } of proofs) expect(decodeProtectedHeader(proof).jwk).not.toHaveProperty('d')
    })

    it('are worth nothing without the key', async () => {
      const { config } = await startProvider({ dpop: dpopOptions }, BOUND)
      const dpop = await createDpop(config)
      const { url, transaction } = await beginLogin(config, { scope: 'openid' })
      const { tokens } = await completeLogin(config, (await signIn(url)).url, transaction, { dpop })
      const other = await createDpop(config)
      for (const options of [{}, { dpop: other }])
        expect(await errorOf(getUserInfoByAccessToken(config, tokens.access_token, options))).toMatchObject({
          code: 'endpoint_error',
          status: 401,
        })
      expect(await getUserInfoByAccessToken(config, tokens.access_token, { dpop })).toMatchObject({
        sub: tokens.claims.sub,
      })
    })
  },
)

describe('an API that takes bound tokens', () => {
  it('is called with a proof for this request and this token, its own nonce included', async () => {
    const { config } = await startProvider({ dpop: { forceNonce: true } }, BOUND)
    const api = await startApi(config)
    const dpop = await createDpop(config)
    const { url, transaction } = await beginLogin(config, { scope: 'openid' })
    const { tokens, claims } = await completeLogin(config, (await signIn(url)).url, transaction, { dpop })
    const params = { url: api.url, accessToken: tokens.access_token }
    const first = await fetchResource(config, params, { dpop })
    expect([first.status, await first.json()]).toEqual([200, { sub: claims.sub }])
    expect(api.statuses).toEqual([401, 200])
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const answer = await fetchResource(config, { ...params, method }, { dpop })
      expect(answer.status).toBe(200)
    }
    expect(api.statuses).toEqual([401, 200, 200, 200, 200, 200])
  })

  it('refuses bearer use, another key, a used proof and a proof for another address or method', async () => {
    const { config } = await startProvider({ dpop: true }, BOUND)
    const api = await startApi(config)
    const dpop = await createDpop(config)
    const { url, transaction } = await beginLogin(config, { scope: 'openid' })
    const { tokens } = await completeLogin(config, (await signIn(url)).url, transaction, { dpop })
    const accessToken = tokens.access_token
    const check = async (answer: Response) => [answer.status, ((await answer.json()) as { check: string }).check]
    const call = { url: api.url, accessToken }
    expect(await check(await fetchResource(config, call))).toEqual([401, 'missing'])
    expect(await check(await fetchResource(config, call, { dpop: await createDpop(config) }))).toEqual([401, 'cnf'])

    let headers: Record<string, string> = {}
    const keeping: FetchLike = async (address, init) => {
      headers = init.headers
      return fetch(address, init)
    }
    expect((await fetchResource(config, call, { dpop, fetch: keeping })).status).toBe(200)
    expect(await check(await fetch(api.url, { headers }))).toEqual([401, 'jti'])
    expect(await check(await fetch(`${api.url}/1`, { headers }))).toEqual([401, 'htu'])
    expect(await check(await fetch(api.url, { headers, method: 'DELETE' }))).toEqual([401, 'htm'])
    expect(await check(await fetch(api.url, { headers: { ...headers, dpop: '' } }))).toEqual([401, 'missing'])
  })
})

describe('1 000 users at once', () => {
  it.each([
    ['a key each', true],
    ['one key for all', false],
  ])(
    'share no proof and no token, with %s',
    async (_, own) => {
      const { config, emulator } = await startProvider({ dpop: { forceNonce: true } }, {}, { scopes: { orders: [] } })
      // All ask at once, and the last of them waits for all the others.
      const patient = { ...config, timeout: 0 }
      const [{ accessKey, accessSecret }] = emulator.apps
      const shared = await createDpop(config)
      const { fetch, proofs } = recording()
      const run = async () => {
        const dpop = own ? await createDpop(config) : shared
        const params = { scope: 'orders', accessKey, accessSecret }
        const { access_token } = await getAccessTokenByClientCredentials(patient, params, { dpop, fetch })
        return { token: access_token, key: await dpop.calculateThumbprint() }
      }
      const users = await Promise.all(Array.from({ length: 1000 }, run))
      expect(new Set(users.map(({ token }) => token)).size).toBe(1000)
      expect(new Set(users.map(({ key }) => key)).size).toBe(own ? 1000 : 1)
      expect(new Set(proofs.map(({ proof }) => decodeJwt(proof).jti)).size).toBe(proofs.length)
      // Each asks once more where its key has no nonce yet; with a key of their own nobody has one.
      expect(proofs.length).toBeLessThanOrEqual(2000)
      if (own) expect(proofs).toHaveLength(2000)
      for (const { token, key } of users) {
        const { cnf } = decodeJwt(token) as { cnf: { jkt: string } }
        expect(cnf.jkt).toBe(key)
      }
    },
    240_000,
  )
})

describe('a key pair that was kept', () => {
  it('goes on binding tokens after a restart', async () => {
    const { config } = await startProvider({ dpop: true }, BOUND)
    const keyPair = await generateKeyPair('ES256')
    const { url, transaction } = await beginLogin(config, { scope: 'openid offline_access' })
    const login = await completeLogin(config, (await signIn(url)).url, transaction, {
      dpop: await createDpop(config, keyPair),
    })
    const renewed = await refreshLogin(config, login, { dpop: await createDpop(config, keyPair) })
    expect(renewed.tokens.access_token).not.toBe(login.tokens.access_token)
    expect(await introspectToken(config, renewed.tokens.access_token)).toMatchObject({ active: true })
  })
})
