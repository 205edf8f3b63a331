import type { Engine, EngineContext, EngineModules } from './engine.js'
import { EXCHANGE_GRANT } from './extendConfiguration.js'
import { readSender } from './readSender.js'

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const PARAMS = [
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'actor_token',
  'actor_token_type',
  'audience',
  'resource',
  'scope',
]

/**
 * Adds the grant of token exchange, which the engine leaves to its users: an access token of one's own for another one
 * of the same person, with the same scopes or fewer, bound to the key of the proof that comes along.
 */
export function exchangeTokens(engine: Engine, modules: EngineModules): void {
  const { errors, grants } = modules
  const { InvalidGrant, InvalidRequest, InvalidScope, InvalidTarget } = errors
  const handle = async (ctx: EngineContext): Promise<void> => {
    const params = ctx.oidc?.params ?? {}
    const { subject_token: given, subject_token_type: kind, requested_token_type: wanted = ACCESS_TOKEN } = params
    if (!given || !kind) throw new InvalidRequest('subject_token and subject_token_type are required')
    if (kind !== ACCESS_TOKEN || wanted !== ACCESS_TOKEN) {
      throw new InvalidRequest('only access tokens are exchanged here, for access tokens')
    }
    if (params['actor_token'] !== undefined) throw new InvalidRequest('actor_token is not supported')
    if (params['audience'] ?? params['resource'])
      throw new InvalidTarget('the token has the audience of its application')
    const sender = await readSender(engine, modules, ctx)
    const subject = await engine.AccessToken.find(given)
    if (!subject?.isValid) throw new InvalidGrant('subject_token is not active')
    if (subject.clientId !== ctx.oidc?.client?.clientId) throw new InvalidGrant('client mismatch')
    const had = (subject.scope ?? '').split(' ')
    const scope = params['scope'] ?? had.join(' ')
    if (!scope.split(' ').every((one) => had.includes(one))) throw new InvalidScope('subject_token has no such scope')
    const token = new engine.AccessToken({
      accountId: subject.accountId,
      client: ctx.oidc.client,
      grantId: subject.grantId,
      gty: 'token_exchange',
      claims: subject.claims,
      scope,
    })
    sender.bind(token)
    // Only whoever has its key has it: a bound token must not turn into a free one, nor into somebody else's.
    const [jkt, x5t] = [subject.jkt ?? token.jkt, subject['x5t#S256'] ?? token['x5t#S256']]
    if (jkt !== token.jkt || x5t !== token['x5t#S256']) throw new InvalidGrant('subject_token is bound to another key')
    ctx.body = grants.buildTokenResponse(engine, {
      accessToken: await token.save(),
      issuedTokenType: ACCESS_TOKEN,
      tokenType: token.tokenType,
      expiresIn: token.expiration,
      scope,
    })
  }
  engine.registerGrantType(EXCHANGE_GRANT, handle, PARAMS)
}
