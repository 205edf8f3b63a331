import type { OidcConfig } from '@genauth-oidc/core/types'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, type JWK } from 'jose'
import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'

/* eslint-disable @typescript-eslint/no-explicit-any -- the engine ships no types */
interface Engine {
  callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>
  interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<any>
  interactionFinished(req: IncomingMessage, res: ServerResponse, result: object): Promise<void>
  registerGrantType(name: string, handler: (ctx: any) => Promise<void>, params: readonly string[]): void
  backchannelResult(request: object, result: object): Promise<void>
  readonly Grant: new (of: object) => any
  readonly AccessToken: new (of: object) => any
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const AUTHING_TOKEN = 'http://authing.cn/oidc/grant_type/authing_token'

/** What the engine was asked by the grants that are not its own. */
export interface StartedEngine {
  readonly config: OidcConfig
  /** Decides the back-channel sign-in that was begun last. */
  readonly decide: () => Promise<void>
  readonly forms: Record<string, unknown>[]
}

const stops: (() => void)[] = []
afterAll(() => stops.splice(0).forEach((stop) => stop()))

/**
 * Starts the engine itself with what the emulator has no option for: authorization details, pings, and the grants by
 * assertion and by ID token. Whoever comes is signed in as alice.
 */
export async function startEngine(
  client: Record<string, unknown> = {},
  trusted: readonly JWK[] = [],
): Promise<StartedEngine> {
  // By a variable, since the engine ships no types.
  const engine: string = 'oidc-provider'
  const { Provider, errors } = (await import(engine)) as {
    Provider: new (issuer: string, configuration: object) => Engine
    errors: Record<string, new (text: string) => Error>
  }
  const handle: { current?: (req: IncomingMessage, res: ServerResponse) => Promise<unknown> } = {}
  const server = createServer((req, res) => void handle.current!(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => server.close())
  const appHost = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const secret = randomBytes(32).toString('base64url')
  const pending: object[] = []
  const forms: Record<string, unknown>[] = []
  const provider: Engine = new Provider(`${appHost}/oidc`, {
    clients: [
      {
        client_id: 'app',
        client_secret: secret,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: ['https://app.example.com/callback'],
        grant_types: ['authorization_code', JWT_BEARER, AUTHING_TOKEN, 'urn:openid:params:grant-type:ciba'],
        backchannel_token_delivery_mode: 'poll',
        ...client,
      },
    ],
    jwks: {
      keys: [
        { ...(await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)), alg: 'RS256' },
      ],
    },
    routes: { jwks: '/.well-known/jwks.json' },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    scopes: ['openid', 'orders'],
    findAccount: (_ctx: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/login/${uid}` },
    // The engine's own fetch refuses loopback addresses, and its rules want https: here there is neither.
    fetch: (url: string, init: RequestInit) =>
      fetch(url.replace('https://127.', 'http://127.'), { ...init, dispatcher: undefined } as RequestInit),
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
      ciba: {
        enabled: true,
        deliveryModes: ['poll', 'ping'],
        processLoginHint: (_ctx: unknown, hint: string) => hint,
        processLoginHintToken: () => undefined,
        verifyUserCode: () => undefined,
        validateBindingMessage: () => undefined,
        validateRequestContext: () => undefined,
        triggerAuthenticationDevice: (_ctx: unknown, request: object) => void pending.push(request),
      },
      richAuthorizationRequests: {
        enabled: true,
        types: { payment: { validate: () => undefined } },
        authorizationDetailsForGrantSource: (ctx: any) => ctx.oidc.entities.Grant?.rar,
        authorizationDetailsForAccessToken: (_ctx: any, _token: any, source: any) => source?.rar,
        authorizationDetailsForIntrospection: (_ctx: any, token: any) => token.rar,
      },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx: unknown, resource: string) => {
          if (resource !== 'https://api.example.com/') throw new errors['InvalidTarget']!('unknown')
          return { scope: 'orders', audience: resource, accessTokenFormat: 'opaque' }
        },
      },
      introspection: { enabled: true, allowedPolicy: () => true },
    },
  })

  const give = async (ctx: any, accountId: string): Promise<void> => {
    forms.push({ ...ctx.oidc.params })
    const grant = new provider.Grant({ clientId: 'app', accountId })
    grant.addOIDCScope('openid orders')
    const token = new provider.AccessToken({
      client: ctx.oidc.client,
      accountId,
      grantId: await grant.save(),
      gty: 'assertion',
      scope: ctx.oidc.params.scope,
    })
    ctx.body = { access_token: await token.save(), expires_in: 60, token_type: 'Bearer', scope: token.scope }
  }
  provider.registerGrantType(
    JWT_BEARER,
    async (ctx) => {
      try {
        const { payload } = await jwtVerify(ctx.oidc.params.assertion, createLocalJWKSet({ keys: [...trusted] }), {
          audience: `${appHost}/oidc`,
          issuer: 'app',
          requiredClaims: ['sub', 'exp', 'jti'],
        })
        await give(ctx, payload.sub!)
      } catch {
        throw new errors['InvalidGrant']!('the assertion is refused')
      }
    },
    ['assertion', 'scope'],
  )
  provider.registerGrantType(
    AUTHING_TOKEN,
    async (ctx) => {
      if (!ctx.oidc.params.token) throw new errors['InvalidGrant']!('no token')
      await give(ctx, 'alice')
    },
    ['token', 'scope', 'redirect_uri'],
  )

  const callback = provider.callback()
  handle.current = async (req, res) => {
    if (req.url!.startsWith('/login/')) {
      const { prompt, params, session } = await provider.interactionDetails(req, res)
      if (prompt.name === 'login') return provider.interactionFinished(req, res, { login: { accountId: 'alice' } })
      const grant = new provider.Grant({ clientId: params.client_id, accountId: session.accountId })
      grant.addOIDCScope('openid')
      grant.addResourceScope('https://api.example.com/', 'orders')
      for (const detail of prompt.details.rar ?? []) grant.addRar(detail)
      return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } })
    }
    Object.assign(req, { originalUrl: req.url })
    req.url = req.url!.replace(/^\/oidc/, '')
    return callback(req, res)
  }
  return {
    config: {
      appId: 'app',
      appHost,
      secret,
      redirectUri: 'https://app.example.com/callback',
      idTokenSigningAlgs: ['RS256'],
      allowInsecureRequests: true,
    },
    decide: async () => {
      const [request] = pending.splice(-1) as any[]
      const grant = new provider.Grant({ clientId: request.clientId, accountId: request.accountId })
      grant.addOIDCScope(request.scope)
      await grant.save()
      await provider.backchannelResult(request, grant)
    },
    forms,
  }
}
