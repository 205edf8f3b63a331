import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { FetchLike } from '@genauth-oidc/core/types'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator } from '@genauth-oidc/emulator/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Output } from '../../demo/report.js'
import { tenant, TENANT_VARIABLES, type Env } from '../../demo/tenant.js'
import { tour } from '../../demo/tour.js'

const script = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url))
// eslint-disable-next-line no-control-regex -- what colours are made of
const COLOUR = /\u001B\[\d+m/

interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs what `npm start` runs, after the installation. */
const start = (env: Env = {}, args: readonly string[] = [], paste?: (out: string) => Promise<string> | undefined) =>
  new Promise<Run>((resolve, reject) => {
    const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GENAUTH_')))
    const child = spawn(process.execPath, [script, '--installed', ...args], { env: { ...clean, ...env } })
    let out = ''
    let err = ''
    let pasted = false
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString()
      const text = pasted ? undefined : paste?.(out)
      if (!text) return
      pasted = true
      text.then((callback) => child.stdin.end(`${callback}\n`), reject)
    })
    child.stderr.on('data', (data: Buffer) => (err += data.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
    if (!paste) child.stdin.end()
  })

/** An output that is kept. */
function recorder(more: Partial<Output> = {}): Output & { text(): string } {
  let text = ''
  return { color: false, columns: 100, ...more, write: (part) => void (text += part), text: () => text }
}

describe('npm start', () => {
  let run: Run
  beforeAll(async () => {
    run = await start()
  }, 60_000)
  const steps = () => run.out.split('\n').filter((line) => /^ {2}[✓✗] /.test(line))

  it('ends by itself, with every step ticked', () => {
    expect(run.err).toBe('')
    expect(run.code).toBe(0)
    expect(steps().length).toBeGreaterThan(40)
    expect(steps().filter((line) => !line.startsWith('  ✓ '))).toEqual([])
    expect(run.out).toMatch(new RegExp(`✓ All ${steps().length} steps held, in \\d+\\.\\d s\\.`))
  })

  it('says what it builds, and ends with what to do next', () => {
    expect(run.out).toMatch(/^Installed already\.\nBuilt \d+ source files in \d+\.\d s\.\n/)
    expect(run.out).toMatch(/README\.md[\s\S]*npx @genauth-oidc\/emulator[\s\S]*GENAUTH_APP_HOST[\s\S]*\n$/)
  })

  it('fits in 100 columns, cuts nothing, and has no colours where nobody sees them', () => {
    for (const line of run.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
    for (const line of steps()) expect(line).not.toMatch(/…$/)
    expect(run.out).not.toMatch(COLOUR)
  })

  it.each([
    ['beginLogin', 'GET /oidc/auth', /PKCE S256/],
    ['(the browser)', 'POST /login/oidc/…', /login page, consent page/],
    ['completeLogin', 'POST /oidc/token', /alice@example\.com is signed in/],
    ['completeLogin', 'no request', /state, iss/],
    ['verifyIdToken', 'no request', /signature, iss, aud, exp, iat, nonce, at_hash/],
    ['verifyIdToken', 'no request', /forged token refused: token_invalid signature/],
    ['verifyIdToken', 'no request', /expired token refused: token_invalid exp/],
    ['verifyIdToken', 'no request', /another app refused: token_invalid aud/],
    ['buildAuthorizeUrl', 'GET /oidc/auth', /code: form_post/],
    ['buildAuthorizeUrl', 'GET /oidc/auth', /implicit: id_token token/],
    ['buildAuthorizeUrl', 'GET /oidc/auth', /offline_access: openid profile offline_access, consent/],
    ['buildAuthorizeUrl', 'GET /oidc/auth', /PKCE S256: .*S256/],
    ['buildAuthorizeUrl', 'GET /oidc/auth', /PKCE plain: .*plain/],
    ['getAccessTokenByCode', 'POST /oidc/token', /client_secret_post: access \S+, id/],
    ['getAccessTokenByCode', 'POST /oidc/token', /client_secret_basic: access \S+, id/],
    ['getAccessTokenByCode', 'POST /oidc/token', /none, PKCE S256: access \S+, id/],
    ['getUserInfoByAccessToken', 'GET /oidc/me', /alice@example\.com, gender U, name null/],
    ['getNewAccessTokenByRefreshToken', 'POST /oidc/token', /access \S+, refresh/],
    ['introspectToken', 'POST /oidc/token/introspection', /access token: active/],
    ['introspectToken', 'POST /oidc/token/introspection', /refresh token: active/],
    ['introspectToken', 'POST /oidc/token/introspection', /unknown token: active: false/],
    ['validateToken', 'GET /api/v2/oidc/validate_token', /ID token: sub/],
    ['validateToken', 'GET /api/v2/oidc/validate_token', /access token: sub/],
    ['validateToken', 'GET /api/v2/oidc/validate_token', /refused: 400 id_token is invalid/],
    ['validateToken', 'GET /api/v2/oidc/validate_token', /refused: 400 access_token format is incorrect/],
    ['revokeToken', 'POST /oidc/token/revocation', /refresh token: true/],
    ['revokeToken', 'POST /oidc/token/revocation', /access token: true/],
    ['buildLogoutUrl', 'GET /login/profile/logout', /followed to https:\/\/www\.genauth\.ai/],
    ['buildLogoutUrl', 'GET /oidc/session/end', /followed to http:\/\/localhost:3000/],
    ['getAccessTokenByClientCredentials', 'POST /oidc/token', /access \S+, 3600 s/],
    ['generateCodeChallenge', 'no request', /[\w-]{43}/],
    ['generateCodeChallengeDigest', 'no request', /E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM/],
    ['buildAuthorizeUrl', 'GET /oauth/auth', /user/],
    ['buildAuthorizeUrl', 'GET /api/v2/saml-idp/5f17a529f64fb009b794a2ff', /200/],
    ['buildAuthorizeUrl', 'GET /cas-idp/5f17a529f64fb009b794a2ff', /ticket ST-/],
  ])('shows %s at work by %s: %s', (name, route, result) => {
    const lines = steps().filter((line) => line.startsWith(`  ✓ ${name} `) && line.includes(` ${route}  `))
    expect(lines.join('\n')).toMatch(result)
  })

  it('shows no token, code or secret whole', () => {
    // A header and a payload, or what is as long as one of them; links and the two known texts of PKCE aside.
    expect(run.out).not.toMatch(/eyJ[\w-]{20,}/)
    const long = run.out.match(/[\w-]{43,}/g) ?? []
    expect(long.filter((text) => !/^(dBjft|E9Mel)/.test(text))).toHaveLength(1)
  })

  it('runs the emulator alone when asked to, with what its command takes', async () => {
    const emulator = await start({}, ['emulator', '--port', 'x'])
    expect(emulator).toMatchObject({ code: 2, err: expect.stringContaining('--port x is no port') })
  })
})

describe('npm start where something is wrong', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'genauth-start-'))
    await mkdir(join(folder, 'scripts'))
    await mkdir(join(folder, 'demo'))
    await cp(script, join(folder, 'scripts/start.mjs'))
    await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
    await writeFile(join(folder, 'demo/main.ts'), "export const main = () => 0\nimport './nothing.js'\n")
  })
  afterAll(() => rm(folder, { recursive: true }))
  const startThere = (args: readonly string[], env: Env = {}) =>
    new Promise<Run>((resolve, reject) => {
      const child = spawn(process.execPath, [join(folder, 'scripts/start.mjs'), ...args], {
        env: { ...process.env, ...env },
      })
      let [out, err] = ['', '']
      child.stdout.on('data', (data: Buffer) => (out += data.toString()))
      child.stderr.on('data', (data: Buffer) => (err += data.toString()))
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, out, err }))
    })

  it('shows the error of a build, with file and line', async () => {
    const { code, err } = await startThere(['--installed'])
    expect(err).toMatch(/nothing\.js[\s\S]*demo\/main\.ts:2:[\s\S]*The build failed: see above\./)
    expect(code).toBe(1)
  })

  it('shows the error of an installation, and builds nothing', async () => {
    await mkdir(join(folder, 'bin'))
    await writeFile(join(folder, 'bin/npm'), '#!/bin/sh\necho "asked for $*"; echo "no space left" >&2; exit 7\n', {
      mode: 0o755,
    })
    // What is linked in above was not installed from the lock file here.
    await writeFile(join(folder, 'pnpm-lock.yaml'), 'lockfileVersion: none\n')
    const { code, out, err } = await startThere([], { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` })
    expect(out).toMatch(/^Installing .*\nasked for run setup\n$/)
    expect(err).toMatch(/no space left\nThe installation failed: see above\./)
    expect(code).toBe(1)
  })
})

describe('the tour', () => {
  const failing: FetchLike = async (url, init) =>
    new URL(url).pathname === '/oidc/me'
      ? Response.json({ error: 'server_error', error_description: 'out of order' }, { status: 500 })
      : fetch(url, init)

  it('goes on after a step that failed, says why, and gives the exit code 1', async () => {
    const output = recorder()
    expect(await tour(output, failing)).toBe(1)
    const text = output.text()
    expect(text).toMatch(
      / {2}✗ getUserInfoByAccessToken +GET \/oidc\/me\n {4}HTTP 500: server_error: out of order\n\nRefresh\n {2}✓ /,
    )
    expect(text).toContain('✗ 2 of ')
    expect(text).not.toContain('✓ All')
  })

  it('goes on when nobody can sign in', async () => {
    const output = recorder()
    expect(await tour(output, async () => Response.json({ error: 'server_error' }, { status: 500 }))).toBe(1)
    expect(output.text()).toContain('nobody is signed in: see above')
    expect(output.text()).toMatch(/✓ generateCodeChallenge /)
  })

  it('fails when what has to be refused is accepted', async () => {
    const output = recorder()
    const blind: FetchLike = async (url, init) =>
      new URL(url).pathname === '/oidc/token/introspection' ? Response.json({ active: true }) : fetch(url, init)
    expect(await tour(output, blind)).toBe(1)
    expect(output.text()).toContain('the unknown token is said to be active')
  })

  it('is cut to a narrow terminal, and coloured in one that can', async () => {
    const output = recorder({ columns: 60, color: true })
    expect(await tour(output)).toBe(0)
    const lines = output.text().split('\n')
    expect(lines.filter((line) => COLOUR.test(line)).length).toBeGreaterThan(40)
    for (const line of lines.filter((one) => / {2}.*✓/.test(one)))
      expect(line.replace(new RegExp(COLOUR, 'g'), '').length).toBeLessThanOrEqual(60)
  })
})

describe('npm start with a tenant', () => {
  let emulator: Emulator
  let env: Readonly<Record<(typeof TENANT_VARIABLES)[number], string>>
  beforeAll(async () => {
    emulator = await startEmulator()
    const { appHost, appId, secret = '', redirectUri } = emulator.config
    env = {
      GENAUTH_APP_HOST: appHost,
      GENAUTH_APP_ID: appId,
      GENAUTH_APP_SECRET: secret,
      GENAUTH_REDIRECT_URI: redirectUri,
    }
  })
  afterAll(() => emulator.stop())

  const firstLink = (out: string): string | undefined =>
    /or the code in it:/.test(out) ? /^http\S+\/oidc\/auth\?\S+$/m.exec(out)?.[0] : undefined
  /** Opens the first link that is printed, and pastes what comes of it. */
  const paste =
    (change: (callback: string) => string = (callback) => callback) =>
    (out: string) => {
      const link = firstLink(out)
      return link === undefined ? undefined : signIn(link).then(({ url }) => change(url))
    }
  /** The same without another process. */
  async function inside(more: Env, change?: (callback: string) => string) {
    const input = new PassThrough()
    let asked = false
    const kept = recorder()
    const output: Output = {
      ...kept,
      write: (text) => {
        kept.write(text)
        const pasted = asked ? undefined : paste(change)(kept.text())
        if (!pasted) return
        asked = true
        pasted.then(
          (callback) => input.end(`\r\n${callback}\r\n`),
          (error: unknown) => input.destroy(error as Error),
        )
      },
    }
    return { code: await tenant({ ...env, ...more }, input, output), text: kept.text() }
  }

  it('prints its links, and completes the sign-in with the callback that is pasted in', async () => {
    const { code, out, err } = await start(env, [], paste())
    expect(err).toBe('')
    expect(out).toMatch(/✓ completeLogin +POST \/oidc\/token +access eyJ…\S{4}, id eyJ…\S{4}, sub/)
    expect(out).toMatch(/✓ getUserInfoByAccessToken +GET \/oidc\/me +alice@example\.com/)
    expect(out).toContain(`${emulator.appHost}/login/profile/logout`)
    expect(out).not.toContain('steps held')
    expect(out).not.toContain(env.GENAUTH_APP_SECRET)
    expect(code).toBe(0)
  })

  it('exchanges a code that is pasted alone, with the verifier and the nonce of the link', async () => {
    const { code, text } = await inside({}, (callback) => new URL(callback).searchParams.get('code') ?? '')
    expect(text).toMatch(/✓ getAccessTokenByCode +POST \/oidc\/token/)
    expect(text).toMatch(/✓ verifyIdToken +no request/)
    expect(code).toBe(0)
  })

  it.each<[string, (callback: string) => string, RegExp]>([
    ['of another sign-in', (callback) => callback.replace('state=', 'state=x'), /callback_invalid state/],
    [
      'of another issuer',
      (callback) => callback.replace(/iss=[^&]*/, 'iss=https://evil.example'),
      /callback_invalid iss/,
    ],
    ['whose code is changed', (callback) => callback.replace('code=', 'code=x'), /HTTP 400: invalid_grant: grant/],
    ['that says no', (callback) => callback.replace(/code=[^&]*/, 'error=access_denied'), /access_denied/],
  ])('refuses a callback %s, says why, and gives the exit code 1', async (_, change, reason) => {
    const { code, text } = await inside({}, change)
    expect(text).toMatch(/✗ completeLogin/)
    expect(text).toMatch(reason)
    expect(text).not.toContain('getUserInfoByAccessToken')
    expect(code).toBe(1)
  })

  it('says which variable to set where the application has other settings', async () => {
    const alg = await inside({ GENAUTH_APP_ID: emulator.apps[0].appId, GENAUTH_ID_TOKEN_ALG: 'RS256' })
    expect(alg.text).toMatch(/token_invalid alg/)
    const wrong = await inside({ GENAUTH_APP_SECRET: 'another secret, of 32 octets or more' })
    expect(wrong.text).toMatch(/invalid_client[\s\S]*GENAUTH_AUTH_METHOD/)
    expect(wrong.text).not.toContain('another secret')
    expect([alg.code, wrong.code]).toEqual([1, 1])

    const rs256 = await startEmulator({ idTokenAlg: 'RS256', authMethods: { token: 'client_secret_basic' } })
    const { appHost, appId, secret = '' } = rs256.config
    const tenantOf = { GENAUTH_APP_HOST: appHost, GENAUTH_APP_ID: appId, GENAUTH_APP_SECRET: secret }
    const right = { ...tenantOf, GENAUTH_ID_TOKEN_ALG: 'RS256', GENAUTH_AUTH_METHOD: 'client_secret_basic' }
    expect((await inside(right)).text).toMatch(/✓ getUserInfoByAccessToken/)
    expect((await inside({ ...right, GENAUTH_ID_TOKEN_ALG: undefined })).text).toContain('GENAUTH_ID_TOKEN_ALG=RS256')
    await rs256.stop()
  })

  it('exchanges nothing when nothing is pasted', async () => {
    const { code, out } = await start(env)
    expect(out).toContain('Nothing was pasted, so nothing was exchanged.')
    expect(code).toBe(0)
  })

  it.each(TENANT_VARIABLES)('does not guess %s', async (name) => {
    const output = recorder()
    expect(await tenant({ ...env, [name]: '' }, new PassThrough().end(), output)).toBe(1)
    expect(output.text()).toContain(`✗ ${name} is not set.`)
    expect(output.text()).not.toContain('/oidc/auth')
  })

  it('takes no tenant by plain http, but on this machine', async () => {
    const output = recorder()
    const elsewhere = { ...env, GENAUTH_APP_HOST: 'http://tenant.example' }
    expect(await tenant(elsewhere, new PassThrough().end(), output)).toBe(1)
    expect(output.text()).toMatch(/appHost: .*https/)
  })
})
