/** The examples of the READMEs, run as they stand against a provider: but for http on loopback, nothing is changed. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import type { JsonStore, OidcConfig } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import type { Login, LoginTransaction } from '@genauth-oidc/login/types'
import type { RefreshableLogin } from '@genauth-oidc/login/refreshLogin'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { sealTransaction } from '@genauth-oidc/login/sealTransaction'
import { transactionCookie } from '@genauth-oidc/login/transactionCookie'
import { build } from 'esbuild'
import { jwt, logoutClaims } from '../support/tokens.js'

const redirectUri = 'https://app.example.com/callback'
const root = fileURLToPath(new URL('../../', import.meta.url))
let emulator: Emulator
let config: OidcConfig
let folder: string
let requests: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genauth-oidc-readme-'))
  emulator = await startEmulator({ redirectUri, onRequest: ({ method, path }) => requests.push(`${method} ${path}`) })
  config = defineConfig(emulator.config)
  vi.stubEnv('GENAUTH_APP_ID', emulator.config.appId)
  vi.stubEnv('GENAUTH_APP_HOST', emulator.appHost)
  vi.stubEnv('GENAUTH_APP_SECRET', emulator.config.secret)
  vi.stubEnv('COOKIE_KEY', 'a key for cookies of 32 characters')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await emulator.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The module that a README's block of TypeScript is: the one that has these words. */
async function example<T>(readme: string, words: string): Promise<T> {
  const text = await readFile(`${root}${readme}`, 'utf8')
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
  const found = blocks.filter((code) => code.includes(words))
  expect(found, words).toHaveLength(1)
  const outfile = join(folder, `${crypto.randomUUID()}.mjs`)
  await build({
    stdin: {
      contents: found[0]!.replace('defineConfig({', 'defineConfig({ allowInsecureRequests: true,'),
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['genauth-source'],
    logLevel: 'error',
  })
  return (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as T
}

/** A login with a refresh token. */
const login = async () => {
  const { url, transaction } = await beginLogin(config, { scope: 'openid profile offline_access' })
  const done = await completeLogin(config, (await signIn(url)).url, transaction)
  requests = []
  return { ...done, nonce: transaction.nonce }
}
const bearer = (token: string) =>
  new Request('https://api.example.com/', { headers: { authorization: `Bearer ${token}` } })

describe('the example of the README', () => {
  it('signs a user in', async () => {
    const { default: handle } = await example<{ default(request: Request): Promise<Response> }>('README.md', 'handle(')
    const at = (path: string, cookie = '') => handle(new Request(new URL(path, redirectUri), { headers: { cookie } }))
    const cookies = (response: Response) => response.headers.getSetCookie().map((one) => one.split(';')[0]!)
    const begun = await at('/login?to=/orders')
    expect(cookies(begun).join()).toMatch(/^__Host-genauth-/)
    const back = await at((await signIn(begun.headers.get('location')!)).url, cookies(begun).join('; '))
    expect(back.headers.get('location')).toBe('/orders')
    expect(await (await at('/orders', cookies(back).join('; '))).text()).toMatch(/^Hello \w/)
  })
})

describe('the examples of the login package', () => {
  const readme = 'packages/login/README.md'

  it('sign a user in, in the browser that began', async () => {
    type Session = Map<string, LoginTransaction<'code'>>
    const { signIn: begin, callback } = await example<{
      signIn(session: Session): Promise<URL>
      callback(session: Session, request: Request): Promise<Record<'user' | 'email' | 'returnTo', string>>
    }>(readme, 'callback(session')
    const session: Session = new Map()
    const request = async () => new Request((await signIn(await begin(session), { user: 'alice' })).url)
    const returned = await request()
    expect(await callback(session, returned.clone())).toMatchObject({ email: 'alice@example.com', returnTo: '/orders' })
    await expect(callback(session, returned)).rejects.toMatchObject({ reason: 'transaction' })
    await expect(callback(new Map(), await request())).rejects.toMatchObject({ reason: 'transaction' })
  })

  it('take a callback by form_post, and clear its cookie', async () => {
    const { posted } = await example<{
      posted(config: OidcConfig, request: Request, key: string): Promise<{ login?: Login<'code'>; clear: string }>
    }>(readme, 'posted(')
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const key = 'a key for cookies of 32 characters'
    const { url, transaction } = await beginLogin(config, { responseMode: 'form_post' })
    const { name, value } = await transactionCookie(transaction, await sealTransaction(transaction, key))
    const { url: address, body } = await signIn(url)
    const come = (cookie: string) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie }
      return posted(config, new Request(address, { method: 'POST', body: body!, headers }), key)
    }
    for (const [cookie, user] of [
      [`${name}=${value}`, expect.stringMatching(/\w/)],
      ['', undefined],
    ]) {
      const { login, clear } = await come(cookie)
      expect(login?.claims.sub).toEqual(user)
      expect(clear).toMatch(new RegExp(`^${name}=;.* Max-Age=0;`))
    }
    expect(log.mock.calls).toEqual([[expect.objectContaining({ reason: 'transaction' })]])
    log.mockRestore()
  })

  it('take the tokens of a public client with HS256 straight from the token endpoint', async () => {
    const { callback } = await example<{
      callback(url: string, transaction: LoginTransaction<'code'>): Promise<Login<'code'>>
    }>(readme, "idToken: 'direct'")
    // Its config is written out: only that it refuses what another provider began can be seen here.
    const { url, transaction } = await beginLogin(config)
    await expect(callback((await signIn(url)).url, transaction)).rejects.toMatchObject({ reason: 'mix_up' })
  })

  it('refresh what is due, and nothing else', async () => {
    const { freshLogin } = await example<{
      freshLogin(config: OidcConfig, store: object): Promise<RefreshableLogin>
    }>(readme, 'freshLogin')
    let stored: RefreshableLogin = await login()
    const first = stored.tokens.refresh_token
    const store = { read: async () => stored, write: async (next: RefreshableLogin) => (stored = next) }
    await freshLogin(config, store)
    expect(requests).toEqual([])
    stored = { ...stored, tokens: { ...stored.tokens, expires_at: 0 } }
    await freshLogin(config, store)
    expect(requests).toEqual(['POST /oidc/token'])
    expect(stored.tokens.refresh_token).not.toBe(first)
  })
})

describe('the examples of the verify package', () => {
  const readme = 'packages/verify/README.md'

  it('check an ID token', async () => {
    const { check } = await example<{ check(idToken: string, nonce: string): Promise<{ sub: string }> }>(
      readme,
      'check = (idToken',
    )
    const { tokens, claims, nonce } = await login()
    expect(await check(tokens.id_token, nonce)).toMatchObject({ sub: claims.sub })
    await expect(check(tokens.id_token, 'another')).rejects.toMatchObject({ check: 'nonce' })
  })

  it('guard an API', async () => {
    const { guard } = await example<{ guard(config: OidcConfig, request: Request): Promise<Response | undefined> }>(
      readme,
      'guard(',
    )
    const { tokens } = await login()
    const answer = async (request: Request) => {
      const response = await guard(config, request)
      return [response?.status, response?.headers.get('www-authenticate')]
    }
    expect(await answer(bearer(tokens.access_token))).toEqual([403, 'Bearer error="insufficient_scope"'])
    expect(await answer(bearer(tokens.id_token))).toEqual([401, 'Bearer error="invalid_token"'])
    expect(await answer(new Request('https://api.example.com/'))).toEqual([401, 'Bearer'])
  })

  it('take a logout token, once', async () => {
    const { backchannelLogout } = await example<{
      backchannelLogout(config: OidcConfig, request: Request, seen: (jti: string) => Promise<boolean>): Promise<object>
    }>(readme, 'backchannelLogout(')
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: emulator.issuer, aud: emulator.config.appId, iat: now, exp: now + 60 }
    const body = new URLSearchParams({
      logout_token: jwt(logoutClaims(claims), { secret: emulator.config.secret!, header: { typ: 'logout+jwt' } }),
    })
    const known = new Set<string>()
    const seen = async (jti: string) => known.has(jti) || !known.add(jti)
    const take = () =>
      backchannelLogout(config, new Request('https://app.example.com/', { method: 'POST', body }), seen)
    expect(await take()).toEqual({ sub: logoutClaims().sub, sid: logoutClaims().sid })
    await expect(take()).rejects.toMatchObject({ code: 'token_invalid' })
  })

  it('keep the keys in a namespace', async () => {
    const { storeIn, check } = await example<{
      storeIn(namespace: object): JsonStore
      check(config: OidcConfig, request: Request, jwks: JsonStore): Promise<object>
    }>(readme, 'storeIn')
    const texts = new Map<string, string>()
    const namespace = {
      get: async (name: string) => texts.get(name) ?? null,
      put: async (name: string, text: string) => void texts.set(name, text),
    }
    const { tokens, claims } = await login()
    for (const store of [storeIn(namespace), storeIn(namespace)])
      expect(await check(config, bearer(tokens.access_token), store)).toMatchObject({ sub: claims.sub })
    expect(requests).toEqual(['GET /oidc/.well-known/jwks.json'])
  })
})
