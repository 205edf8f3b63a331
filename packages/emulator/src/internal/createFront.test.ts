import { request, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { get, post, signInForTokens } from '../../test/walk.js'
import { startEmulator } from '../startEmulator.js'
import type { Emulator } from '../types.js'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.stop())

interface Raw {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** `fetch` sets the Host header and the path as it likes; this sends them as they are. */
const send = (path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port: emulator.port, path, method, headers, setHost: false }, (res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      res.on('end', () => {
        resolve({ status: res.statusCode, headers: res.headers, text })
      })
    })
    req.on('error', reject)
    req.end(body)
  })

describe('the Host header', () => {
  it.each(['evil.example', 'localhost', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil.example'])(
    'is refused when it is %s',
    async (host) => {
      for (const path of ['/oidc/.well-known/openid-configuration', '/login/profile/logout', '/']) {
        expect((await send(path, { host })).status).toBe(421)
      }
    },
  )

  it('is refused when it is localhost with the right port: the issuer has one name', async () => {
    const { status, text } = await send('/', { host: `localhost:${emulator.port}` })
    expect(status).toBe(421)
    expect(text).toContain(emulator.appHost)
  })

  it('passes when it is the own one', async () => {
    expect((await send('/', { host: `127.0.0.1:${emulator.port}` })).status).toBe(200)
  })
})

describe('a request', () => {
  const host = () => `127.0.0.1:${emulator.port}`

  it('is refused when its body is larger than any form of the protocol', async () => {
    const body = `token=${'x'.repeat(70_000)}`
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const path of ['/oidc/token', '/login/oidc/abc', '/cas-idp/abc', '/nowhere']) {
      const told = { ...type, host: host(), 'content-length': String(body.length) }
      expect((await send(path, told, 'POST', body)).status).toBe(413)
      const chunked = { ...type, host: host(), 'transfer-encoding': 'chunked' }
      expect((await send(path, chunked, 'POST', body)).status).toBe(413)
    }
  })

  it('reaches the engine when it is sent in chunks', async () => {
    const headers = {
      host: host(),
      'content-type': 'application/x-www-form-urlencoded',
      'transfer-encoding': 'chunked',
    }
    const app = emulator.apps[0]
    const body = new URLSearchParams({ client_id: app.appId, client_secret: app.secret ?? '', token: 'unknown' })
    const { status, text } = await send('/oidc/token/introspection', headers, 'POST', body.toString())
    expect([status, text]).toEqual([200, '{"active":false}'])
  })

  it('cannot name another host in its target', async () => {
    expect((await send('//evil.example/oidc/auth', { host: host() })).status).toBe(404)
    expect((await send('http://evil.example/', { host: host() })).status).toBe(400)
  })

  it('that is no HTTP is refused', async () => {
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(emulator.port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'))
      socket.on('data', (chunk) => (text += chunk.toString()))
      socket.on('close', () => {
        resolve(text)
      })
    })
    expect(answer).toMatch(/^HTTP\/1.1 400/)
  })

  it('for what is not here is a 404', async () => {
    for (const path of ['/nowhere', '/oidc/nowhere', '/oidc', '/oauth/nowhere', '/login', '/api/v2/users']) {
      expect([path, (await get(emulator, path)).status]).toEqual([path, 404])
    }
  })
})

describe('pages', () => {
  it('escape what a request brings', async () => {
    const evil = '"><script>alert(1)</script>'
    const app = emulator.apps[0]
    const url = `/oidc/auth?client_id=${app.appId}&redirect_uri=${encodeURIComponent(evil)}&response_type=code&scope=openid`
    for (const path of [
      url,
      `/cas-idp/${encodeURIComponent(evil)}`,
      `/cas-idp/${app.appId}?service=${encodeURIComponent(evil)}`,
    ]) {
      const { status, text } = await get(emulator, path, { accept: 'text/html' })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(text).not.toContain('<script>alert')
    }
  })

  it('cannot be framed and load nothing', async () => {
    const { headers } = await get(emulator, '/')
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
  })

  it('say when a sign-in was not started here', async () => {
    const { status, text } = await get(emulator, '/login/oidc/unknown')
    expect(status).toBe(400)
    expect(text).toContain('data-error="invalid_request"')
  })
})

describe('the SAML link', () => {
  it('leads to a page for an application, and to a 404 for others', async () => {
    expect((await get(emulator, `/api/v2/saml-idp/${emulator.apps[0].appId}`)).status).toBe(200)
    expect((await get(emulator, '/api/v2/saml-idp/unknown')).status).toBe(404)
  })
})

describe('answers of the own endpoints', () => {
  it('may be read at the origins of the applications only', async () => {
    const { tokens } = await signInForTokens(emulator)
    const path = `/api/v2/oidc/validate_token?access_token=${tokens.access_token}`
    const home = await get(emulator, path, { origin: 'http://localhost:3000' })
    expect(home.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    const away = await get(emulator, path, { origin: 'http://evil.example' })
    expect(away.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await fetch(emulator.appHost + path, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:3000', 'access-control-request-headers': 'x-app' },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'x-app'])
  })

  it('are kept by no cache', async () => {
    for (const path of ['/api/v2/oidc/validate_token', '/login/profile/logout', '/oauth/me']) {
      expect((await get(emulator, path)).headers.get('cache-control')).toContain('no-store')
    }
    const { headers } = await post(emulator, '/oidc/token', { grant_type: 'refresh_token', refresh_token: 'x' })
    expect(headers.get('cache-control')).toContain('no-store')
  })
})
