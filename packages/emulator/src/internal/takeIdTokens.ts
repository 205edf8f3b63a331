import { checkIdToken } from './checkIdToken.js'
import type { Users } from './createUsers.js'
import type { Engine, EngineContext, EngineModules } from './engine.js'
import { ID_TOKEN_GRANT } from './extendConfiguration.js'
import { giveToken } from './giveToken.js'
import { readSender } from './readSender.js'
import { refuseGrant } from './refuseGrant.js'

/**
 * Adds GenAuth's own grant: an access token for an ID token that the same application got here.
 *
 * @param engine - the provider
 * @param modules - the engine's modules
 * @param users - everybody who has signed in
 * @param scopes - those that the token can have
 */
export function takeIdTokens(engine: Engine, modules: EngineModules, users: Users, scopes: readonly string[]): void {
  const refuse = (reason: string): never => refuseGrant(modules, `the ID token is refused: ${reason}`)

  const handle = async (ctx: EngineContext): Promise<void> => {
    const { client, params } = ctx.oidc ?? {}
    const { redirect_uri: redirectUri, token } = params ?? {}
    if (!client || !token || !redirectUri)
      throw new modules.errors.InvalidRequest('token and redirect_uri are required')
    const sender = await readSender(engine, modules, ctx)
    if (!client.redirectUris.includes(redirectUri)) refuse('redirect_uri is none of the application')
    const payload = await checkIdToken(engine, client, token).catch((error: unknown) => {
      return refuse((error as Error).message)
    })
    const user = users.find(String(payload['sub'])) ?? refuse('nobody here has its sub')
    await giveToken(engine, modules, ctx, scopes, { accountId: user.sub, gty: 'authing_token', sender })
  }
  engine.registerGrantType(ID_TOKEN_GRANT, handle, ['token', 'scope', 'redirect_uri'])
}
