import { createHash } from 'node:crypto'
import { accessKeyOf, baseConfiguration, clientOf } from './baseConfiguration.js'
import type { KeyRing } from './createKeyRing.js'
import { SCOPE_CLAIMS, type Users } from './createUsers.js'
import type { Engine, EngineContext, EngineModules } from './engine.js'
import { patchAccessTokens, type AccessTokens } from './patchAccessTokens.js'
import { patchClientRules } from './patchClientRules.js'
import { patchIdTokens } from './patchIdTokens.js'
import { authMethodsOf, extendConfiguration, featureMetadata } from './extendConfiguration.js'
import { exchangeTokens } from './exchangeTokens.js'
import { takeAssertions } from './takeAssertions.js'
import { takeIdTokens } from './takeIdTokens.js'
import type { Settings } from './resolveOptions.js'
import { withoutIss } from './withoutIss.js'

/** The engine set up as GenAuth sets it up. */
export interface OidcProvider {
  readonly engine: Engine
  readonly accessTokens: AccessTokens
}

// All of GenAuth's; the engine has no `token` alone.
const RESPONSE_TYPES = [
  'code',
  'id_token',
  'id_token token',
  'code id_token',
  'code token',
  'code id_token token',
  'none',
]

/** Makes the OpenID provider of the emulator. */
export function createOidcProvider(
  appHost: string,
  settings: Settings,
  ring: KeyRing,
  users: Users,
  modules: EngineModules,
): OidcProvider {
  const claims: Record<string, readonly string[]> = { ...SCOPE_CLAIMS }
  for (const [scope, names] of Object.entries(settings.scopes)) claims[scope] = [...(claims[scope] ?? []), ...names]
  const { features } = settings
  const { authorizationDetails: types } = features
  const base = baseConfiguration('oidc', settings, ring, users, modules)
  const { grants, ...metadata } = featureMetadata(features)
  const algs = ['HS256', 'RS256', ...(features.signingAlgs ?? [])]
  const engine: Engine = new modules.Provider(`${appHost}/oidc`, {
    ...extendConfiguration(base, settings, users, modules, () => engine),
    claims,
    scopes: ['openid', 'offline_access', ...Object.keys(claims)],
    clients: settings.apps.flatMap((app) => [
      clientOf(app, RESPONSE_TYPES, grants, metadata),
      { ...accessKeyOf(app), ...(types && { authorization_details_types: [...types] }) },
    ]),
    // GenAuth puts the user's claims into every ID token, wherever it comes from.
    conformIdTokenClaims: false,
    enabledJWA: {
      idTokenSigningAlgValues: algs,
      userinfoSigningAlgValues: algs,
      introspectionSigningAlgValues: algs,
      authorizationSigningAlgValues: algs,
    },
    responseTypes: RESPONSE_TYPES,
    routes: { jwks: '/.well-known/jwks.json' },
  })
  patchClientRules(engine)
  const owners = new Map(settings.apps.map((app) => [app.accessKey, app.appId]))
  const accessTokens = patchAccessTokens(engine, ring, (clientId) => owners.get(clientId) ?? clientId)
  const scopes = ['openid', ...Object.keys(claims)]
  if (features.tokenExchange) exchangeTokens(engine, modules)
  if (features.jwtBearer) takeAssertions(engine, modules, features, users, scopes)
  if (features.authingToken) takeIdTokens(engine, modules, users, scopes)
  patchIdTokens(engine, ring, accessTokens, settings.atHash)

  engine.use(async (ctx, next) => {
    await next()
    const { route } = ctx.oidc ?? {}
    // The engine took its copy of the keys when it was made.
    if (route === 'jwks') ctx.body = ring.jwks()
    if (route === 'discovery') {
      Object.assign(ctx.body as object, {
        // The front accepts what the engine does not know.
        code_challenge_methods_supported: ['plain', 'S256'],
        token_endpoint_auth_methods_supported: authMethodsOf(features),
        introspection_endpoint_auth_methods_supported: authMethodsOf(features),
        revocation_endpoint_auth_methods_supported: authMethodsOf(features),
        authorization_response_iss_parameter_supported: settings.iss ? true : undefined,
      })
    }
    if (route === 'introspection') completeIntrospection(ctx)
    if (!settings.iss) withoutIss(ctx)
  })
  // Before the answer is made; errors do not pass here, so withoutIss looks at what comes out.
  if (!settings.iss)
    engine.on('authorization.success', (_ctx: never, out: never) => delete (out as { iss?: string }).iss)
  engine.on('server_error', (_ctx: never, error: never) => settings.onError(error))
  return { engine, accessTokens }
}

/** GenAuth names an id and a type for refresh tokens too; the engine does neither, as the token is its own id. */
function completeIntrospection(ctx: EngineContext): void {
  const { body } = ctx
  const token = ctx.oidc?.params?.['token']
  if (typeof body !== 'object' || body === null || !('active' in body) || body.active !== true || !token) return
  const jti = createHash('sha256').update(token).digest('base64url').slice(0, 21)
  ctx.body = { jti, token_type: 'cnf' in body && body.cnf ? 'DPoP' : 'Bearer', ...JSON.parse(JSON.stringify(body)) }
}
