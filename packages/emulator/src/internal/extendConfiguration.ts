import { randomBytes, X509Certificate } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import type { EmulatorFeatures } from '../types.js'
import type { Users } from './createUsers.js'
import type { Engine, EngineContext, EngineModules, EngineToken } from './engine.js'
import { escapeHtml, page } from './pages.js'
import type { Settings } from './resolveOptions.js'

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'
/** The grant of RFC 8693. */
export const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** The grant of RFC 7523. */
export const ASSERTION_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** GenAuth's own grant by an ID token. */
export const ID_TOKEN_GRANT = 'http://authing.cn/oidc/grant_type/authing_token'

interface CibaRequest {
  readonly clientId: string
  readonly accountId: string
  readonly scope: string
  readonly resource?: string | readonly string[]
  readonly params: Readonly<Record<string, string | undefined>>
}

/** The authorization details of a request (RFC 9396), which the engine has checked for their form. */
const detailsOf = (params: Readonly<Record<string, string | undefined>> = {}): readonly object[] | undefined => {
  const { authorization_details: details } = params
  return details === undefined ? undefined : (JSON.parse(details) as readonly object[])
}

/** The metadata that the features ask of every application. */
export const featureMetadata = ({
  authingToken,
  authorizationDetails: types,
  ciba,
  deviceFlow,
  jwtBearer,
  tokenExchange,
}: EmulatorFeatures): { readonly grants: readonly string[] } => ({
  ...(types && { authorization_details_types: [...types] }),
  ...(ciba && { backchannel_token_delivery_mode: 'poll' }),
  grants: [
    ...(deviceFlow ? [DEVICE_GRANT] : []),
    ...(ciba ? [CIBA_GRANT] : []),
    ...(tokenExchange ? [EXCHANGE_GRANT] : []),
    ...(jwtBearer ? [ASSERTION_GRANT] : []),
    ...(authingToken ? [ID_TOKEN_GRANT] : []),
  ],
})

/** The methods of client authentication that the metadata lists. */
export const authMethodsOf = ({ jwtClientAuth, mtls }: EmulatorFeatures): readonly string[] => [
  'client_secret_post',
  'client_secret_basic',
  'none',
  ...(jwtClientAuth ? ['private_key_jwt', 'client_secret_jwt'] : []),
  ...(mtls ? ['tls_client_auth', 'self_signed_tls_client_auth'] : []),
]

function certificateOf(headers: IncomingHttpHeaders): X509Certificate | undefined {
  const header = headers['x-client-cert']
  try {
    return typeof header === 'string' ? new X509Certificate(decodeURIComponent(header)) : undefined
  } catch {
    return undefined
  }
}

/** What each name of RFC 8705 section 2.1.2 says about a certificate. */
function matches({ subject, subjectAltName }: X509Certificate, property: string, expected: string): boolean {
  if (property === 'tls_client_auth_subject_dn') return subject.split('\n').reverse().join(',') === expected
  const kinds: Readonly<Record<string, string>> = { dns: 'DNS', uri: 'URI', ip: 'IP Address', email: 'email' }
  const kind = kinds[property.slice('tls_client_auth_san_'.length)]
  return (subjectAltName ?? '').split(', ').includes(`${kind}:${expected}`)
}

function deviceFlow(): object {
  const show = (title: string, body: string) => (ctx: EngineContext) => {
    ctx.type = 'html'
    ctx.body = page(title, body)
  }
  return {
    enabled: true,
    deviceInfo: () => ({}),
    userCodeInputSource: (ctx: EngineContext, form: string, _out?: object, error?: { readonly message: string }) => {
      const problem = error ? `<p role="alert">${escapeHtml(error.message)}</p>` : ''
      const button = '<button form="op.deviceInputForm">Continue</button>'
      show('Enter the code of your device', problem + form + button)(ctx)
    },
    userCodeConfirmSource: (ctx: EngineContext, form: string, _client: object, _info: object, code: string) => {
      const question = `<p>Does your device show <code>${escapeHtml(code)}</code>?</p>`
      const yes = '<button form="op.deviceConfirmForm">Yes</button>'
      const no = '<button form="op.deviceConfirmForm" name="abort" value="yes">No</button>'
      show('Your device', form + question + yes + no)(ctx)
    },
    successSource: show('Your device', '<p>Your device is signed in.</p>'),
  }
}

function ciba(settings: Settings, users: Users, { errors }: EngineModules, engine: () => Engine): object {
  const { ciba: given } = settings.features
  const decide = typeof given === 'object' ? given.decide : () => 'approve' as const
  const settle = async (request: CibaRequest): Promise<void> => {
    const { accountId, clientId, params, resource = [], scope } = request
    if ((await decide(users.find(accountId)?.name ?? '')) === 'deny') {
      return engine().backchannelResult(request, new errors.AccessDenied('End-User aborted interaction'))
    }
    const grant = new (engine().Grant)({ accountId, clientId })
    grant.addOIDCScope(scope)
    for (const name of [resource].flat()) grant.addResourceScope(name, scope)
    await grant.save()
    const authTime = Math.floor(Date.now() / 1000)
    return engine().backchannelResult(request, grant, { authTime, rar: detailsOf(params) })
  }
  return {
    enabled: true,
    deliveryModes: ['poll', 'ping'],
    processLoginHint: (_ctx: unknown, hint: string) => users.signIn(hint).sub,
    processLoginHintToken: () => {
      throw new errors.InvalidRequest('login_hint_token is not supported: use login_hint')
    },
    verifyUserCode: () => undefined,
    validateBindingMessage: () => undefined,
    validateRequestContext: () => undefined,
    triggerAuthenticationDevice: ({ res }: EngineContext, request: CibaRequest) => {
      // When the application has its answer: a ping is about what it knows by then. It polls while the person decides.
      res.once('close', () => void settle(request).catch(settings.onError))
    },
  }
}

/**
 * Authorization details as RFC 9396 has them: whoever agrees to a request agrees to its details as they stand, and the
 * token says which they are. The engine wants a resource with them, so that a request without one is taken as one for
 * the issuer itself, whose tokens are the usual ones.
 */
function authorizationDetails(
  types: readonly string[],
  { InvalidAuthorizationDetails }: EngineModules['errors'],
): object {
  return {
    enabled: true,
    types: Object.fromEntries(types.map((type) => [type, { validate: () => undefined }])),
    authorizationDetailsForGrantSource: ({ oidc }: EngineContext) => detailsOf(oidc?.params),
    authorizationDetailsForAccessToken: ({ oidc }: EngineContext, _token: object, source?: EngineToken) => {
      const asked = detailsOf(oidc?.params)
      // RFC 9396 section 6: at the token endpoint they can become fewer.
      const had = source?.rar ?? []
      if (source && asked?.some((one) => !had.some((other) => isDeepStrictEqual(one, other)))) {
        throw new InvalidAuthorizationDetails('authorization_details are more than was granted')
      }
      return asked ?? source?.rar
    },
    authorizationDetailsForIntrospection: (_ctx: unknown, token: EngineToken) => token.rar,
  }
}

/** Puts the features that were asked for on top of a configuration of the engine. */
export function extendConfiguration(
  configuration: Record<string, unknown>,
  settings: Settings,
  users: Users,
  modules: EngineModules,
  engine: () => Engine,
): Record<string, unknown> {
  const { features } = settings
  const { authorizationDetails: types, dpop, resources } = features
  const enabled = (name: string, on: boolean | undefined, more: object = {}): Record<string, object> =>
    on ? { [name]: { enabled: true, ...more } } : {}
  const forceNonce = typeof dpop === 'object' && dpop.forceNonce === true
  const base = configuration['features'] as object
  return {
    ...configuration,
    clientAuthMethods: authMethodsOf(features),
    features: {
      ...base,
      ...enabled('pushedAuthorizationRequests', features.par),
      ...enabled('dPoP', Boolean(dpop), { nonceSecret: randomBytes(32), requireNonce: () => forceNonce }),
      ...enabled('requestObjects', features.jar),
      ...enabled('jwtResponseModes', features.jarm),
      ...enabled('jwtIntrospection', features.introspectionJwt),
      ...enabled('jwtUserinfo', features.userInfoJwt),
      ...enabled('encryption', features.encryption),
      ...enabled('backchannelLogout', features.backchannelLogout),
      ...enabled('claimsParameter', features.claimsParameter),
      ...enabled('registration', features.registration),
      ...enabled('registrationManagement', features.registration),
      ...enabled('mTLS', features.mtls, {
        certificateBoundAccessTokens: true,
        selfSignedTlsClientAuth: true,
        tlsClientAuth: true,
        getCertificate: ({ req }: EngineContext) => certificateOf(req.headers),
        certificateAuthorized: () => true,
        certificateSubjectMatches: ({ req }: EngineContext, property: string, expected: string) => {
          const certificate = certificateOf(req.headers)
          return certificate !== undefined && matches(certificate, property, expected)
        },
      }),
      ...(features.deviceFlow && { deviceFlow: deviceFlow() }),
      ...(features.ciba && { ciba: ciba(settings, users, modules, engine) }),
      ...(types && { richAuthorizationRequests: authorizationDetails(types, modules.errors) }),
      resourceIndicators: {
        enabled: resources !== undefined || types !== undefined,
        defaultResource: ({ oidc }: EngineContext, _client: object, oneOf?: readonly string[]) =>
          oneOf ?? (oidc?.route !== 'token' && detailsOf(oidc?.params) ? engine().issuer : undefined),
        // What the link asked for is what the token is for, also where the exchange does not say it again.
        useGrantedResource: (_ctx: unknown, { resource }: { readonly resource?: unknown }) =>
          resource !== engine().issuer,
        getResourceServerInfo: (_ctx: unknown, resource: string) => {
          const scope = types && resource === engine().issuer ? '' : resources?.[resource]
          if (scope === undefined) throw new modules.errors.InvalidTarget(`${resource} is not among the resources`)
          return { scope, audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }
        },
      },
    },
    ttl: {
      ...(configuration['ttl'] as object),
      BackchannelAuthenticationRequest: settings.ttl.code,
      DeviceCode: settings.ttl.code,
    },
  }
}
