import type { EmulatorFeatures } from '../types.js'
import type { Users } from './createUsers.js'
import type { Engine, EngineContext, EngineModules } from './engine.js'
import { ASSERTION_GRANT } from './extendConfiguration.js'
import { giveToken } from './giveToken.js'
import { decodeJwt } from './jwt.js'
import { readSender } from './readSender.js'
import { refuseGrant } from './refuseGrant.js'

/** The clocks of two machines differ; here there is one, and the engine allows as much for client assertions. */
const TOLERANCE_SECONDS = 15

/**
 * Adds the grant of RFC 7523: an access token for an assertion that the application signed with a key of its metadata,
 * or that one of the trusted issuers signed with one of theirs.
 *
 * @param engine - the provider
 * @param modules - the engine's modules
 * @param features - who is trusted, and whether a token can be for a resource
 * @param users - whom the assertion may speak of: the id of somebody who has signed in, else a user name
 * @param scopes - those that the token can have
 */
export function takeAssertions(
  engine: Engine,
  modules: EngineModules,
  { jwtBearer, resources }: EmulatorFeatures,
  users: Users,
  scopes: readonly string[],
): void {
  const { issuers = {} } = typeof jwtBearer === 'object' ? jwtBearer : {}
  const trusted = new Map(
    Object.entries(issuers).map(([issuer, { keys }]) => [issuer, new modules.KeyStore([...keys])]),
  )
  const audiences: readonly unknown[] = [engine.issuer, `${engine.issuer}/token`]
  const refuse = (reason: string): never => refuseGrant(modules, `the assertion is refused: ${reason}`)

  const handle = async (ctx: EngineContext): Promise<void> => {
    const { assertion } = ctx.oidc?.params ?? {}
    if (!assertion) throw new modules.errors.InvalidRequest('assertion is required')
    const sender = await readSender(engine, modules, ctx)
    const { iss, sub, aud, exp, jti } = decodeJwt(assertion)?.payload ?? refuse('it is no signed JWT')
    const { client } = ctx.oidc ?? {}
    const keys = iss === client?.clientId ? client?.asymmetricKeyStore : trusted.get(String(iss))
    if (!keys) return refuse('nobody registered keys for its iss')
    if (![aud].flat().some((one) => audiences.includes(one)))
      refuse('its aud is neither the issuer nor its token endpoint')
    if (typeof exp !== 'number') return refuse('it has no exp')
    if (typeof sub !== 'string' || sub === '') return refuse('it has no sub')
    if (typeof jti !== 'string' || jti === '') return refuse('it has no jti')
    await modules.verifyJwt(assertion, keys, { clockTolerance: TOLERANCE_SECONDS }).catch((error: unknown) => {
      refuse((error as Error).message)
    })
    const fresh = await engine.ReplayDetection.unique(String(iss), jti, exp + TOLERANCE_SECONDS)
    if (!fresh) refuse('its jti was used before')
    const user = users.find(sub) ?? users.signIn(sub)
    await giveToken(engine, modules, ctx, scopes, { accountId: user.sub, gty: 'jwt_bearer', sender })
  }
  const more = resources ? ['resource'] : []
  engine.registerGrantType(ASSERTION_GRANT, handle, ['assertion', 'scope', ...more], more)
}
