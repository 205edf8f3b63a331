import { randomBytes, X509Certificate } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { EmulatorFeatures } from '../types.js'
import type { Users } from './createUsers.js'
import type { Engine, EngineContext, EngineModules } from './engine.js'
import { escapeHtml, page } from './pages.js'
import type { Settings } from './resolveOptions.js'

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'
/** The grant of RFC 8693. */
export const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'

interface CibaRequest {
  readonly clientId: string
  readonly accountId: string
  readonly scope: string
}

/** The metadata that the features ask of every application. */
export const featureMetadata = ({
  ciba,
  deviceFlow,
  tokenExchange,
}: EmulatorFeatures): { readonly grants: readonly string[] } => ({
  ...(ciba && { backchannel_token_delivery_mode: 'poll' }),
  grants: [
    ...(deviceFlow ? [DEVICE_GRANT] : []),
    ...(ciba ? [CIBA_GRANT] : []),
    ...(tokenExchange ? [EXCHANGE_GRANT] : []),
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
    const { accountId, clientId, scope } = request
    if ((await decide(users.find(accountId)?.name ?? '')) === 'deny') {
      return engine().backchannelResult(request, new errors.AccessDenied('End-User aborted interaction'))
    }
    const grant = new (engine().Grant)({ accountId, clientId })
    grant.addOIDCScope(scope)
    await grant.save()
    return engine().backchannelResult(request, grant, { authTime: Math.floor(Date.now() / 1000) })
  }
  return {
    enabled: true,
    deliveryModes: ['poll'],
    processLoginHint: (_ctx: unknown, hint: string) => users.signIn(hint).sub,
    processLoginHintToken: () => {
      throw new errors.InvalidRequest('login_hint_token is not supported: use login_hint')
    },
    verifyUserCode: () => undefined,
    validateBindingMessage: () => undefined,
    validateRequestContext: () => undefined,
    triggerAuthenticationDevice: (_ctx: unknown, request: CibaRequest) => {
      // Not awaited: the application polls while the person decides.
      settle(request).catch(settings.onError)
    },
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
  const { dpop, resources } = features
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
      resourceIndicators: {
        enabled: resources !== undefined,
        // What the link asked for is what the token is for, also where the exchange does not say it again.
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx: unknown, resource: string) => {
          const scope = resources?.[resource]
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
