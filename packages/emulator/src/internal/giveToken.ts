import type { Engine, EngineContext, EngineModules } from './engine.js'
import type { Sender } from './readSender.js'

/** For whom a token is, and by which grant. */
export interface Gift {
  readonly accountId: string
  readonly gty: string
  readonly sender: Sender
}

/**
 * Gives an access token for a person who has signed in elsewhere or earlier: for the resource that the request names, or
 * of GenAuth's shape, with the scopes that it asks for, as far as there are such.
 *
 * @param engine - the provider
 * @param modules - the engine's modules
 * @param ctx - the token request, with its client
 * @param scopes - those that a token without a resource can have
 * @param gift - for whom it is
 */
export async function giveToken(
  engine: Engine,
  { errors, grants }: EngineModules,
  ctx: EngineContext,
  scopes: readonly string[],
  { accountId, gty, sender }: Gift,
): Promise<void> {
  const { client, params } = ctx.oidc ?? {}
  const [server, another] = await grants.resolveRequestedResources(engine, ctx)
  if (another) throw new errors.InvalidTarget('a token is for one resource')
  const offered = server ? [...server.scopes] : scopes
  const asked = params?.['scope']?.split(' ') ?? (server ? offered : ['openid'])
  grants.validateClientScope(engine, ctx, asked)
  const scope = asked.filter((one) => offered.includes(one)).join(' ')

  const grant = new engine.Grant({ accountId, clientId: client?.clientId })
  if (server) grant.addResourceScope(server.identifier(), scope)
  else grant.addOIDCScope(scope)
  const token = new engine.AccessToken({ accountId, client, grantId: await grant.save(), gty, scope })
  if (server) token.resourceServer = server
  sender.bind(token)
  ctx.body = grants.buildTokenResponse(engine, {
    accessToken: await token.save(),
    expiresIn: token.expiration,
    scope,
    tokenType: token.tokenType,
  })
}
