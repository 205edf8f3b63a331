import { randomBytes } from 'node:crypto'
import type { KeyRing } from './createKeyRing.js'
import { createStore } from './createStore.js'
import type { Users } from './createUsers.js'
import type { EngineClient, EngineContext, EngineModules } from './engine.js'
import { errorPage, logoutPage, page } from './pages.js'
import type { ResolvedApp, Settings } from './resolveOptions.js'

/** The origins whose scripts may read answers meant for this client. */
export const originsOf = (redirectUris: readonly string[]): readonly string[] =>
  redirectUris.map((uri) => new URL(uri).origin).filter((origin) => origin !== 'null')

function html(ctx: EngineContext, body: string): void {
  ctx.type = 'html'
  ctx.body = body
}

/** The metadata of an application, for the engine. */
export const clientOf = (
  app: ResolvedApp,
  offered: readonly string[],
  grants: readonly string[] = [],
  metadata: object = {},
): object => {
  // Bound tokens come through no browser: the engine refuses such a client for the response types that would.
  const demands = ['dpop_bound_access_tokens', 'tls_client_certificate_bound_access_tokens']
  const responseTypes = demands.some((name) => app.metadata[name] === true)
    ? offered.filter((type) => !type.split(' ').includes('token'))
    : offered
  return {
    client_id: app.appId,
    client_name: app.name,
    ...(app.secret !== undefined && { client_secret: app.secret }),
    // The front has judged the method by endpoint; the engine knows one per client and gets what it knows.
    token_endpoint_auth_method: app.secret === undefined ? 'none' : 'client_secret_post',
    // A scheme of its own belongs to an installed application.
    application_type: app.redirectUris.some((uri) => !/^https?:/.test(uri)) ? 'native' : 'web',
    redirect_uris: [...app.redirectUris],
    post_logout_redirect_uris: [...app.postLogoutRedirectUris],
    response_types: [...responseTypes],
    grant_types: [
      'authorization_code',
      'refresh_token',
      ...(responseTypes.some((type) => type.includes('token')) ? ['implicit'] : []),
      ...(app.secret === undefined ? [] : ['client_credentials']),
      ...grants,
    ],
    id_token_signed_response_alg: app.idTokenSigningAlg,
    ...metadata,
    ...app.metadata,
  }
}

/** The access key of an application, which is a client of its own for the engine. */
export const accessKeyOf = (app: ResolvedApp): object => ({
  client_id: app.accessKey,
  client_secret: app.accessSecret,
  token_endpoint_auth_method: 'client_secret_post',
  redirect_uris: [],
  response_types: [],
  grant_types: ['client_credentials'],
})

/** What both providers have in common. */
export function baseConfiguration(
  name: 'oidc' | 'oauth',
  settings: Settings,
  ring: KeyRing,
  users: Users,
  { policy, Prompt }: EngineModules,
): Record<string, unknown> {
  const prompts = policy()
  // GenAuth documents this prompt. It is asked first, since choosing an account is signing in.
  prompts.add(new Prompt({ name: 'select_account', requestable: true }), 0)
  // An application with a scheme of its own would never be silent: the engine asks for its consent every time.
  prompts.get('consent').checks.remove('native_client_prompt')
  const ownTokens = (_ctx: unknown, client: EngineClient, token: { readonly clientId: string }): boolean =>
    settings.apps.some((app) => [app.appId, app.accessKey].includes(client.clientId))
      ? settings.apps.some(
          (app) =>
            [app.appId, app.accessKey].includes(client.clientId) && [app.appId, app.accessKey].includes(token.clientId),
        )
      : client.clientId === token.clientId
  return {
    adapter: createStore(),
    jwks: { keys: ring.privateJwks() },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      // Browsers keep cookies per host, not per port: the names keep the two providers apart.
      names: {
        session: `genauth_${name}_session`,
        interaction: `genauth_${name}_interaction`,
        resume: `genauth_${name}_resume`,
      },
    },
    interactions: { policy: prompts, url: (_ctx: unknown, { uid }: { uid: string }) => `/login/${name}/${uid}` },
    findAccount: (_ctx: unknown, sub: string) => {
      const user = users.find(sub)
      return user && { accountId: sub, claims: () => user.claims }
    },
    clientBasedCORS: (_ctx: unknown, origin: string, client: EngineClient) =>
      originsOf(client.redirectUris).includes(origin),
    rotateRefreshToken: settings.rotate,
    // GenAuth's SDKs ask user info with the token in the query.
    acceptQueryParamAccessTokens: true,
    clientAuthMethods: ['client_secret_post', 'client_secret_basic', 'none'],
    pkce: { required: () => false },
    renderError: (ctx: EngineContext, out: Record<string, string | undefined>) => {
      html(ctx, errorPage(out['error'] ?? 'server_error', out['error_description']))
    },
    // The engine's own fetch refuses loopback addresses, and here there is nothing but those.
    fetch: (url: string, init: RequestInit) => fetch(url, { ...init, dispatcher: undefined } as RequestInit),
    ttl: {
      AccessToken: settings.ttl.accessToken,
      AuthorizationCode: settings.ttl.code,
      ClientCredentials: settings.ttl.accessToken,
      Grant: settings.ttl.refreshToken,
      IdToken: settings.ttl.idToken,
      Interaction: 3600,
      RefreshToken: settings.ttl.refreshToken,
      Session: settings.ttl.session,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: ownTokens },
      revocation: { enabled: true, allowedPolicy: ownTokens },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx: EngineContext, form: string) => html(ctx, logoutPage(form)),
        postLogoutSuccessSource: (ctx: EngineContext) => html(ctx, page('Signed out', '<p>You are signed out.</p>')),
      },
      // The acknowledged draft: without it the engine prints a notice, and with another one it does not start.
      webMessageResponseMode: { enabled: true, ack: 'individual-draft-01' },
    },
  }
}
