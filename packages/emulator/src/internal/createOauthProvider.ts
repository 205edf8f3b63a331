import { randomBytes } from 'node:crypto'
import { accessKeyOf, baseConfiguration, clientOf } from './baseConfiguration.js'
import type { KeyRing } from './createKeyRing.js'
import type { Users } from './createUsers.js'
import type { Engine, EngineModules } from './engine.js'
import { patchClientRules } from './patchClientRules.js'
import type { Settings } from './resolveOptions.js'
import { withoutIss } from './withoutIss.js'

/**
 * Makes the OAuth 2.0 side of GenAuth, which is another server there: opaque tokens of 40 hexadecimal digits, the one
 * scope `user`, a refresh token always, no ID tokens, no metadata.
 */
export function createOauthProvider(
  appHost: string,
  settings: Settings,
  ring: KeyRing,
  users: Users,
  modules: EngineModules,
): Engine {
  const responseTypes = ['code', 'code token']
  const engine = new modules.Provider(`${appHost}/oauth`, {
    ...baseConfiguration('oauth', settings, ring, users, modules),
    claims: { openid: ['sub'] },
    scopes: ['user'],
    clients: settings.apps.flatMap((app) => [
      // Nothing is signed here, and the engine would ask a public client's HS256 for a secret.
      // The metadata is for the features, which are of the other side.
      { ...clientOf({ ...app, metadata: {} }, responseTypes), id_token_signed_response_alg: 'RS256' },
      accessKeyOf(app),
    ]),
    enabledJWA: { idTokenSigningAlgValues: ['RS256'] },
    responseTypes,
    issueRefreshToken: (_ctx: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed('refresh_token'),
    // Its tokens live on when the session ends.
    expiresWithSession: () => false,
    // The front sends `token` alone as `code token` with this mark.
    extraParams: ['token_alone'],
  })
  patchClientRules(engine)
  for (const tokens of [engine.AccessToken, engine.ClientCredentials, engine.RefreshToken]) {
    tokens.prototype.generateTokenId = function () {
      // The engine's own generator decides the format on the way.
      this.format = 'opaque'
      return randomBytes(20).toString('hex')
    }
  }
  if (!settings.iss) {
    engine.use(async (ctx, next) => {
      await next()
      withoutIss(ctx)
    })
  }
  engine.on('authorization.success', (ctx: never, out: never) => {
    const { oidc } = ctx as { oidc: { params: { token_alone?: string } } }
    if (oidc.params.token_alone) delete (out as { code?: string }).code
    if (!settings.iss) delete (out as { iss?: string }).iss
  })
  engine.on('server_error', (_ctx: never, error: never) => settings.onError(error))
  return engine
}
