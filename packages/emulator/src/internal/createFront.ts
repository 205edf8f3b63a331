import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EndpointAuthMethods } from '../types.js'
import { originsOf } from './baseConfiguration.js'
import { createCas } from './createCas.js'
import type { OidcProvider } from './createOidcProvider.js'
import { createResources } from './createResources.js'
import type { Users } from './createUsers.js'
import { endSessions, logoutTarget } from './endSessions.js'
import type { Engine } from './engine.js'
import { ID_TOKEN_GRANT } from './extendConfiguration.js'
import {
  formOf,
  readBody,
  redirect,
  replay,
  sendJson,
  sendPage,
  sendText,
  type Exchange,
  type Rewrite,
} from './http.js'
import { interact } from './interact.js'
import { judgeClientAuth } from './judgeClientAuth.js'
import { oauthUserInfo } from './oauthUserInfo.js'
import { errorPage, escapeHtml, page } from './pages.js'
import type { Settings } from './resolveOptions.js'
import { rewriteOauth, rewritePkce } from './rewriteAuthorization.js'
import { validateToken } from './validateToken.js'

/** Where applications authenticate, and by which of their three settings. */
const AUTHENTICATED: Readonly<Record<string, keyof EndpointAuthMethods>> = {
  '/token': 'token',
  '/token/introspection': 'introspection',
  '/token/revocation': 'revocation',
  // Features of the engine, where an application authenticates as at the token endpoint.
  '/request': 'token',
  '/device/auth': 'token',
  '/backchannel': 'token',
}

/** What stands in front of the two engines: GenAuth's own endpoints, and what the engines cannot do. */
export function createFront(
  appHost: string,
  settings: Settings,
  users: Users,
  { engine: oidc, accessTokens }: OidcProvider,
  oauth: Engine,
): (req: IncomingMessage, res: ServerResponse) => Promise<unknown> {
  const { host } = new URL(appHost)
  const cas = createCas(settings, users)
  const resources = createResources(appHost, settings.features)
  const openGrants = settings.features.authingToken ? [ID_TOKEN_GRANT] : []
  const engines = { oidc: oidc.callback(), oauth: oauth.callback() }
  const origins = new Set(settings.apps.flatMap((app) => originsOf(app.redirectUris)))

  const corsOf = ({ req }: Pick<Exchange, 'req'>): Record<string, string> => {
    const { origin } = req.headers
    return origin !== undefined && origins.has(origin) ? { 'access-control-allow-origin': origin, vary: 'Origin' } : {}
  }

  const preflight = (exchange: Exchange): ServerResponse => {
    const asked = exchange.req.headers['access-control-request-headers']
    exchange.res.writeHead(204, {
      ...corsOf(exchange),
      'access-control-allow-methods': 'GET, POST',
      ...(asked !== undefined && { 'access-control-allow-headers': asked }),
    })
    return exchange.res.end()
  }

  const toEngine = (exchange: Exchange, name: 'oidc' | 'oauth', changes: Rewrite = {}): Promise<void> =>
    engines[name](replay(exchange, `/${name}`, changes), exchange.res)

  const refuseClient = (exchange: Exchange): ServerResponse =>
    sendJson(
      exchange.res,
      401,
      { error: 'invalid_client', error_description: 'client authentication failed' },
      {
        ...corsOf(exchange),
        ...(exchange.req.headers.authorization !== undefined && { 'www-authenticate': `Basic realm="${appHost}"` }),
      },
    )

  const authenticated = (
    exchange: Exchange,
    name: 'oidc' | 'oauth',
    path: string,
    endpoint: keyof EndpointAuthMethods,
  ): unknown => {
    const verdict = judgeClientAuth(
      exchange,
      endpoint,
      settings.apps,
      name === 'oidc' && path === '/token' ? openGrants : [],
    )
    if (verdict.refused) return refuseClient(exchange)
    const form = formOf({ req: exchange.req, body: verdict.changes.body ?? exchange.body })
    const token = form?.get('token')
    if (form && path === '/request') {
      return toEngine(exchange, name, { ...verdict.changes, body: rewritePkce(form).toString() })
    }
    if (!form || endpoint === 'token' || !token || form.getAll('token').length > 1) {
      return toEngine(exchange, name, verdict.changes)
    }
    // The engine refuses what looks like a JWT unseen. On the OAuth side that is a token like any that nobody gave.
    form.set('token', name === 'oidc' ? accessTokens.stored(token) : token.replaceAll('.', '-'))
    return toEngine(exchange, name, { ...verdict.changes, body: form.toString() })
  }

  const provider = (exchange: Exchange, name: 'oidc' | 'oauth', path: string): unknown => {
    const { method, res, url } = exchange
    if (path === '/auth' && method === 'GET') {
      const pkce = rewritePkce(url.searchParams)
      const params = name === 'oauth' ? rewriteOauth(pkce) : pkce
      if (params === url.searchParams) return toEngine(exchange, name)
      return toEngine(exchange, name, { url: `${url.pathname}?${params.toString()}` })
    }
    const endpoint = AUTHENTICATED[path]
    if (endpoint && method === 'POST') return authenticated(exchange, name, path, endpoint)
    if (name === 'oauth') {
      if (path === '/me')
        return method === 'OPTIONS' ? preflight(exchange) : oauthUserInfo(exchange, oauth, users, corsOf(exchange))
      // Plain OAuth 2.0 has no metadata, no keys and no session to end.
      if (path.startsWith('/.well-known/') || path.startsWith('/session/') || path === '/jwks') {
        return sendText(res, 404, 'Not Found')
      }
    }
    return toEngine(exchange, name)
  }

  const route = async (exchange: Exchange): Promise<unknown> => {
    const { method, res, url } = exchange
    const { pathname, searchParams } = url
    const mounted = /^\/(oidc|oauth)(\/.*)$/.exec(pathname)
    if (mounted) return provider(exchange, mounted[1] as 'oidc' | 'oauth', mounted[2] ?? '/')
    const login = /^\/login\/(oidc|oauth)\/[\w-]+$/.exec(pathname)
    if (login) return interact(exchange, login[1] === 'oidc' ? oidc : oauth, users)
    if (pathname === '/login/profile/logout') {
      await endSessions(exchange, [oidc, oauth])
      cas.end(exchange)
      const target = logoutTarget(searchParams.get('redirect_uri'))
      if (target !== undefined) return redirect(res, target)
      return sendPage(res, 200, page('Signed out', '<p>You are signed out.</p>'))
    }
    // The documentation has the second address, the SDKs the first.
    if (pathname === '/api/v2/oidc/validate_token' || pathname === '/api/oidc/validate_token') {
      if (method === 'OPTIONS') return preflight(exchange)
      const { valid, body } = await validateToken(searchParams, oidc)
      return sendJson(res, valid ? 200 : settings.validateStatus, body, corsOf(exchange))
    }
    const saml = /^\/api\/v2\/saml-idp\/([^/]+)$/.exec(pathname)
    if (saml) {
      const app = settings.apps.find(({ appId }) => appId === saml[1])
      if (!app) return sendPage(res, 404, errorPage('invalid_request', `There is no application ${saml[1]}.`))
      const text = `<p>The SAML link of <strong>${escapeHtml(app.name)}</strong> leads here. The emulator makes no SAML assertions.</p>`
      return sendPage(res, 200, page('SAML', text))
    }
    if (pathname.startsWith('/cas-idp/')) return cas.handle(exchange)
    if (pathname === '/cas/session') {
      // A page asks with its cookies, which a script may do only where that is said.
      const cors = corsOf(exchange)
      return cas.session(exchange, { ...cors, ...(cors.vary && { 'access-control-allow-credentials': 'true' }) })
    }
    if (pathname === '/') {
      const discovery = `${appHost}/oidc/.well-known/openid-configuration`
      return sendPage(res, 200, page('GenAuth emulator', `<p><a href="${discovery}">${discovery}</a></p>`))
    }
    return (await resources(exchange)) ?? sendText(res, 404, 'Not Found')
  }

  return async (req, res) => {
    const method = req.method ?? 'GET'
    const target = req.url ?? '/'
    const path = target.split(/[?#]/)[0] ?? '/'
    res.on('finish', () => settings.onRequest({ method, path, status: res.statusCode }))
    try {
      // A page elsewhere can make its own name lead to 127.0.0.1; the name then still stands in this header.
      if (req.headers.host !== host) {
        return sendText(
          res,
          421,
          `This emulator answers at ${appHost} only, and not as ${req.headers.host ?? 'nobody'}.`,
        )
      }
      if (!target.startsWith('/')) return sendText(res, 400, 'Bad Request')
      const body = await readBody(req)
      if (body === undefined) {
        res.setHeader('connection', 'close')
        return sendText(res, 413, 'The request is too large.')
      }
      // Put together, not resolved: a path of two slashes would name another host.
      return await route({ req, res, method, body, url: new URL(appHost + target) })
    } catch (error) {
      // Who has left in the middle of a request gets no answer, and that is no failure of ours.
      if (error === req.errored) return res.destroy()
      settings.onError(error)
      if (res.headersSent) return res.destroy()
      return sendJson(res, 500, { error: 'server_error', error_description: 'the emulator failed inside' })
    }
  }
}
