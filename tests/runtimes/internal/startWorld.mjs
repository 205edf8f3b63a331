// What the runtimes are run against: the emulator, and a server beside it that plays the person at the browser, answers
// as providers should not, serves pages to browsers and takes the reports.
import { createServer } from 'node:http'
import { clearInterval, setInterval } from 'node:timers'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { openTransaction } from '@genauth-oidc/login/openTransaction'
import { sealTransaction } from '@genauth-oidc/login/sealTransaction'
import { signIn } from '@genauth-oidc/emulator/signIn'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import { oddAnswers } from './oddAnswers.mjs'
import { signTokens } from './signTokens.mjs'

const everywhere = (method) => ({ authMethods: { token: method, introspection: method, revocation: method } })
const signedBy = (alg) => ({ metadata: { id_token_signed_response_alg: alg } })
const apps = {
  post: everywhere('client_secret_post'),
  basic: everywhere('client_secret_basic'),
  none: everywhere('none'),
  public: { public: true },
  RS256: { idTokenAlg: 'RS256' },
  PS256: signedBy('PS256'),
  ES256: signedBy('ES256'),
  EdDSA: signedBy('EdDSA'),
}

const listen = (server) =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server.address().port))
  })

const addressWithoutServer = async () => {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}/token`
}

const bodyOf = async (req) => {
  const parts = []
  for await (const part of req) parts.push(part)
  return JSON.parse(Buffer.concat(parts).toString() || '{}')
}

/**
 * Starts it all on loopback.
 *
 * @param files - what browsers can load: `{ '/suite.mjs': { type, text } }`; an address that ends in `/` serves all below it
 * @returns `control`, the address of the server; `report(session, { limit, alive })`, which waits for a run to end; `stop`
 */
export async function startWorld(files = {}) {
  const server = createServer()
  const control = `http://127.0.0.1:${await listen(server)}`
  const redirectUris = [`${control}/app/callback`]
  const emulator = await startEmulator({
    apps: Object.values(apps).map((app) => ({ redirectUris, postLogoutRedirectUris: [`${control}/app/`], ...app })),
    features: { signingAlgs: ['PS256', 'ES256', 'EdDSA'] },
  })
  const configs = Object.fromEntries(
    Object.keys(apps).map((name, index) => {
      const { config } = emulator.apps[index]
      return [name, name in { PS256: 1, ES256: 1, EdDSA: 1 } ? { ...config, idTokenSigningAlgs: [name] } : config]
    }),
  )

  const provider = { issuer: `${control}/provider`, appId: 'an-app' }
  const { secret, tokens, keys } = signTokens(provider)
  const key = 'a-key-that-both-sides-know-and-nobody-else'
  const { transaction } = await beginLogin(configs.post)
  const fixture = {
    issuer: emulator.issuer,
    apps: configs,
    signed: {
      tokens,
      config: {
        ...provider,
        secret,
        endpoints: { jwks: `${control}/odd/keys/shared` },
        allowInsecureRequests: true,
      },
    },
    sealed: { key, text: await sealTransaction(transaction, key), state: transaction.state },
    closed: await addressWithoutServer(),
  }

  const seen = new Map()
  const reports = new Map()
  const reportOf = (session) => {
    if (!reports.has(session)) {
      const report = { outcomes: [], at: Date.now() }
      report.ended = new Promise((resolve) => (report.end = resolve))
      reports.set(session, report)
    }
    return reports.get(session)
  }

  const routes = {
    fixture: () => fixture,
    'sign-in': async (_, req) => {
      const { url, ...how } = await bodyOf(req)
      return signIn(url, how)
    },
    open: async (_, req) => {
      const { sealed, key } = await bodyOf(req)
      return openTransaction(sealed, key)
    },
    seen: (id) => seen.get(id) ?? { count: 0, dropped: false },
    case: async (session, req) => {
      const report = reportOf(session)
      report.outcomes.push(await bodyOf(req))
      report.at = Date.now()
      return {}
    },
    end: (session) => {
      reportOf(session).end()
      return {}
    },
  }

  server.on('request', async (req, res) => {
    // Two origins take part, as with a real provider: in browsers its answers are for pages that it names.
    res.setHeader('access-control-allow-origin', '*')
    res.setHeader('access-control-expose-headers', 'retry-after')
    if (req.method === 'OPTIONS') {
      const headers = req.headers['access-control-request-headers']
      res.writeHead(204, { 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': headers ?? '' })
      return res.end()
    }
    const { pathname } = new URL(req.url, control)
    const [, place, ...rest] = pathname.split('/')
    try {
      if (place === 'odd') {
        const id = rest.at(-1)
        const record = seen.get(id) ?? { count: 0, dropped: false }
        seen.set(id, record)
        record.count++
        res.on('close', () => (record.dropped ||= !res.writableFinished))
        return oddAnswers[rest[0]](res, { count: record.count, req, rest: rest[1], keys })
      }
      const file = files[pathname] ?? files[`/${place}/`]
      if (file) {
        res.writeHead(200, { 'content-type': file.type })
        return res.end(file.text)
      }
      if (!Object.hasOwn(routes, place)) {
        res.writeHead(404)
        return res.end()
      }
      const answer = JSON.stringify(await routes[place](rest[0], req))
      res.writeHead(200, { 'content-type': 'application/json' })
      res.end(answer)
    } catch (error) {
      console.error(error)
      res.writeHead(500)
      res.end()
    }
  })

  return {
    control,
    issuer: emulator.issuer,
    configs,

    /** Waits until a run has ended, died, or said nothing for a while; what it did not get to is a failure. */
    async report(session, { limit = 60_000, died = new Promise(() => {}) } = {}) {
      const report = reportOf(session)
      report.at = Date.now()
      let timer
      const silent = new Promise((resolve) => {
        timer = setInterval(() => {
          if (Date.now() - report.at > limit) resolve(`nothing was heard of it for ${limit / 1000} s`)
        }, 500)
      })
      const why = await Promise.race([report.ended, died, silent])
      clearInterval(timer)
      if (why !== undefined) {
        const last = report.outcomes.at(-1)?.name
        const where = last === undefined ? 'before its first case' : `after "${last}"`
        report.outcomes.push({ name: 'the run comes to its end', error: `${why}, ${where}`, took: 0 })
      }
      reports.delete(session)
      return report.outcomes
    },

    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await emulator.stop()
    },
  }
}
