import { createHash, randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { originsOf } from './baseConfiguration.js'
import type { User, Users } from './createUsers.js'
import { logoutTarget } from './endSessions.js'
import { cookieOf, formOf, redirect, sendJson, sendPage, sendText, type Exchange } from './http.js'
import { errorPage, escapeHtml, loginPage, page } from './pages.js'
import type { ResolvedApp, Settings } from './resolveOptions.js'

interface Session {
  readonly appId: string
  readonly user: User
  readonly expiresAt: number
}

interface Ticket {
  readonly appId: string
  readonly service: string
  readonly user: User
  readonly expiresAt: number
}

/** The CAS side of GenAuth. */
export interface Cas {
  /** Answers a request below `/cas-idp/`. */
  handle(exchange: Exchange): ServerResponse
  /** Tells a browser, or a server that has its cookie, whose CAS session it is. */
  session(exchange: Exchange, cors: Record<string, string>): ServerResponse
  /** Ends the browser's CAS session. */
  end(exchange: Exchange): void
}

type Outcome = { readonly user: User } | { readonly code: string; readonly description: string }

const COOKIE = 'genauth_cas_session'
const TICKET_SECONDS = 300
/** Old sessions and unspent tickets go, the oldest first, when there are this many. */
const MOST = 1000

function remember<T>(map: Map<string, T>, prefix: string, value: T): string {
  const id = `${prefix}${randomBytes(24).toString('base64url')}`
  map.set(id, value)
  for (const old of map.keys()) {
    if (map.size <= MOST) break
    map.delete(old)
  }
  return id
}

function inXml(outcome: Outcome): string {
  const inside =
    'user' in outcome
      ? `<cas:authenticationSuccess><cas:user>${escapeHtml(outcome.user.name)}</cas:user></cas:authenticationSuccess>`
      : `<cas:authenticationFailure code="${outcome.code}">${escapeHtml(outcome.description)}</cas:authenticationFailure>`
  return `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${inside}</cas:serviceResponse>`
}

const inJson = (outcome: Outcome): object => ({
  serviceResponse:
    'user' in outcome ? { authenticationSuccess: { user: outcome.user.name } } : { authenticationFailure: outcome },
})

/** Makes the CAS side: a login of its own, tickets that work once, and the two checks. */
export function createCas({ apps, ttl }: Pick<Settings, 'apps' | 'ttl'>, users: Users): Cas {
  const sessions = new Map<string, Session>()
  const tickets = new Map<string, Ticket>()

  const cookie = (value: string, more = ''): string => `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${more}`
  const live = ({ req }: Exchange): readonly [string, Session | undefined] => {
    const id = cookieOf(req, COOKIE) ?? ''
    const session = sessions.get(id)
    return [id, session && session.expiresAt > Date.now() ? session : undefined]
  }
  const end = ({ req, res }: Exchange): void => {
    const id = cookieOf(req, COOKIE)
    if (id === undefined) return
    sessions.delete(id)
    res.appendHeader('set-cookie', cookie('', '; Max-Age=0'))
  }

  const logout = (exchange: Exchange): ServerResponse => {
    end(exchange)
    const { searchParams } = exchange.url
    const target = logoutTarget(searchParams.get('url') ?? searchParams.get('service'))
    if (target !== undefined) return redirect(exchange.res, target)
    return sendPage(exchange.res, 200, page('Signed out', '<p>You are signed out.</p>'))
  }

  const login = (exchange: Exchange, app: ResolvedApp): ServerResponse => {
    const { res, method, url } = exchange
    const service = url.searchParams.get('service')
    if (
      service !== null &&
      (!URL.canParse(service) || !originsOf(app.redirectUris).includes(new URL(service).origin))
    ) {
      const text = `The service ${service} is not at the origin of a redirect URI of ${app.appId}.`
      return sendPage(res, 400, errorPage('INVALID_SERVICE', text))
    }
    const enter = (user: User): ServerResponse => {
      if (service === null) return sendPage(res, 200, page('Signed in', `<p>You are ${escapeHtml(user.name)}.</p>`))
      const expiresAt = Date.now() + TICKET_SECONDS * 1000
      const target = new URL(service)
      target.searchParams.set('ticket', remember(tickets, 'ST-', { appId: app.appId, service, user, expiresAt }))
      return redirect(res, target.href)
    }
    const form = method === 'POST' ? formOf(exchange) : undefined
    const [, known] = live(exchange)
    if (!form && known && !url.searchParams.has('renew')) return enter(known.user)
    if (!form && service !== null && url.searchParams.has('gateway')) return redirect(res, service)
    if (!form) return sendPage(res, 200, loginPage(app.name, undefined))
    // CAS has no answer for a person who cancels: the application gets the browser back without a ticket.
    if (form.get('action') === 'cancel' && service !== null) return redirect(res, service)
    const name = (form.get('user') ?? '').trim()
    if (name === '') return sendPage(res, 400, loginPage(app.name, undefined, 'Type a user name: any will do.'))
    const user = users.signIn(name)
    const session = { appId: app.appId, user, expiresAt: Date.now() + ttl.session * 1000 }
    res.appendHeader('set-cookie', cookie(remember(sessions, '', session)))
    return enter(user)
  }

  const spend = ({ searchParams }: URL, app: ResolvedApp): Outcome => {
    const [service, id] = [searchParams.get('service'), searchParams.get('ticket')]
    if (!service || !id) return { code: 'INVALID_REQUEST', description: 'service and ticket are both required' }
    const ticket = tickets.get(id)
    // Spent by the question, whatever the answer (CAS 3.0 section 3.1.1).
    tickets.delete(id)
    if (!ticket || ticket.appId !== app.appId || ticket.expiresAt <= Date.now()) {
      return { code: 'INVALID_TICKET', description: `Ticket ${id} not recognized` }
    }
    if (ticket.service !== service) {
      return { code: 'INVALID_SERVICE', description: `Ticket ${id} was issued for another service` }
    }
    return { user: ticket.user }
  }

  return {
    end,
    session: (exchange, cors) => {
      const [id, session] = live(exchange)
      if (!session) return sendJson(exchange.res, 200, null, cors)
      const { appId, expiresAt, user } = session
      return sendJson(
        exchange.res,
        200,
        {
          session: {
            // A name for it, and not what opens it.
            _id: createHash('sha256').update(id).digest('hex').slice(0, 24),
            cookie: {
              originalMaxAge: ttl.session * 1000,
              expires: new Date(expiresAt).toISOString(),
              secure: false,
              httpOnly: true,
              path: '/',
              sameSite: 'lax',
              appId,
              type: 'cas',
              userId: user.sub,
            },
          },
          userInfo: user.claims,
        },
        cors,
      )
    },
    handle: (exchange) => {
      const { res, url } = exchange
      const [, , first = '', second = ''] = url.pathname.split('/')
      if (first === 'logout') return logout(exchange)
      const app = apps.find(({ appId }) => appId === first)
      if (!app) return sendPage(res, 404, errorPage('INVALID_REQUEST', `There is no application ${first}.`))
      if (second === '' || second === 'login') return login(exchange, app)
      if (second === 'logout') return logout(exchange)
      if (second === 'validate') {
        const outcome = spend(url, app)
        return sendText(res, 200, 'user' in outcome ? `yes\n${outcome.user.name}\n` : 'no\n\n')
      }
      if (second === 'serviceValidate') {
        const outcome = spend(url, app)
        if (url.searchParams.get('format')?.toUpperCase() === 'JSON') return sendJson(res, 200, inJson(outcome))
        return sendText(res, 200, inXml(outcome), 'application/xml')
      }
      return sendPage(res, 404, errorPage('INVALID_REQUEST', `There is no ${url.pathname} here.`))
    },
  }
}
