import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Answer, Behaviour, Endpoint, Registration, Run, Variant } from '../types.js'
import { json } from './answers.js'
import { authorize } from './authorize.js'
import { endSession } from './endSession.js'
import { push } from './fapi.js'
import { keySet, metadata, pathOf } from './metadata.js'
import { register } from './register.js'
import { token } from './token.js'
import { userInfo } from './userInfo.js'

export interface BadProvider {
  /** Opens an issuer that behaves as told, for one run. */
  open(variant: Variant, behaviour: Behaviour, registration?: Registration): Run
  close(): Promise<void>
}

/** Starts a provider on loopback that misbehaves by name: every run has an issuer of its own on it. */
export async function startBadProvider(): Promise<BadProvider> {
  const runs = new Map<string, Run>()
  const server = createServer((request, response) => {
    void answer(runs, request).then(({ status, headers, body }) => {
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    open(variant, behaviour, registration) {
      const name = `op-${runs.size + 1}`
      const run: Run = {
        issuer: `${origin}/${name}`,
        variant,
        behaviour,
        client: {
          id: `client of ${name}`,
          // Signs that a careless encoding of the Authorization header would change.
          secret: `+ %2B&=:/?é${randomBytes(32).toString('base64')}`,
          redirectUri: 'https://rp.example.com/callback',
          postLogoutRedirectUri: 'https://rp.example.com/signed-out',
          ...registration,
        },
        user: {
          sub: randomBytes(8).toString('hex'),
          sid: randomBytes(8).toString('hex'),
          email: 'alice@example.com',
        },
        log: [],
        violations: [],
        grants: new Map(),
        refreshTokens: new Map(),
        accessTokens: new Set(),
        bound: new Map(),
        pushed: new Map(),
        seen: new Set(),
        idTokens: new Set(),
        generation: 0,
      }
      runs.set(name, run)
      return run
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function answer(runs: Map<string, Run>, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const [, name = '', ...rest] = pathname.split('/')
  const run = runs.get(name)
  if (!run) return json({ error: 'not_found' }, 404)
  try {
    return await route(run, `/${rest.join('/')}`, searchParams, request)
  } catch (error) {
    // A mistake of these tests must not pass for a misbehaviour.
    run.violations.push(`the provider failed: ${String(error)}`)
    return json({ error: 'server_error' }, 500)
  }
}

async function route(run: Run, path: string, searchParams: URLSearchParams, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', headers } = request
  const body = await text(request)
  const log = (endpoint: Endpoint) => run.log.push(endpoint)
  switch (`${method} ${path}`) {
    case 'GET /.well-known/openid-configuration':
      log('discovery')
      return metadata(run)
    case `GET ${pathOf(run, 'jwks_uri')}`:
      log('jwks')
      return keySet(run)
    case `GET ${pathOf(run, 'authorization_endpoint')}`:
      log('authorization')
      return authorize(run, searchParams)
    case 'POST /register':
      log('registration')
      return register(run, headers, body)
    case 'POST /par':
      log(run.variant.fapi ? 'par' : 'other')
      return run.variant.fapi ? push(run, new URLSearchParams(body)) : json({ error: 'not_found' }, 404)
    case `POST ${pathOf(run, 'token_endpoint')}`:
      log('token')
      return token(run, headers, new URLSearchParams(body))
    case `GET ${pathOf(run, 'userinfo_endpoint')}`:
    case `POST ${pathOf(run, 'userinfo_endpoint')}`:
      log('userinfo')
      return userInfo(run, method, headers, searchParams)
    case `GET ${pathOf(run, 'end_session_endpoint')}`:
      log('endSession')
      return endSession(run, searchParams)
    default:
      log('other')
      return json({ error: 'not_found' }, 404)
  }
}
