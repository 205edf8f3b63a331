import { randomBytes } from 'node:crypto'
import type {
  ConfidentialConfig,
  EmulatorApp,
  EmulatorAppOptions,
  EmulatorConfig,
  EmulatorFeatures,
  EmulatorLifetimes,
  EmulatorOptions,
  EndpointAuthMethod,
  EndpointAuthMethods,
  IdTokenAlg,
  PublicConfig,
} from '../types.js'
import { checkOptions, refuse } from './checkOptions.js'

/** An application with everything decided but the address of the emulator. */
export type ResolvedApp = Omit<EmulatorApp, 'config'>

/** The options with everything decided. */
export interface Settings {
  readonly port: number
  readonly apps: readonly [ResolvedApp, ...ResolvedApp[]]
  readonly iss: boolean
  readonly rotate: boolean
  readonly atHash: boolean
  readonly validateStatus: number
  readonly ttl: Required<EmulatorLifetimes>
  readonly claims: (user: string) => Readonly<Record<string, unknown>>
  readonly scopes: Readonly<Record<string, readonly string[]>>
  readonly features: EmulatorFeatures
  readonly onRequest: NonNullable<EmulatorOptions['onRequest']>
  readonly onError: NonNullable<EmulatorOptions['onError']>
}

const DAY = 86_400
const APP_IDS = ['5f17a529f64fb009b794a2ff', '60097391b1358c17c5fb0f4e']
const METHODS = ['client_secret_post', 'client_secret_basic', 'none']

function checkRedirect(uri: string): string {
  let url: URL
  try {
    url = new URL(uri)
  } catch {
    return refuse(`the redirect URI ${uri} is no absolute URL`)
  }
  if (uri.includes('#')) refuse(`the redirect URI ${uri} has a fragment`)
  if (/^(javascript|data|blob|file|vbscript|about):$/.test(url.protocol)) {
    refuse(`the redirect URI ${uri} has a scheme that runs or reads what it names`)
  }
  return uri
}

function checkMethods(methods: EndpointAuthMethods, appId: string, isPublic: boolean): EndpointAuthMethods {
  for (const [endpoint, method] of Object.entries(methods) as [string, EndpointAuthMethod][]) {
    if (!METHODS.includes(method)) refuse(`${method} is no auth method; at ${endpoint} use ${METHODS.join(', ')}`)
    if (isPublic && method !== 'none') refuse(`the public app ${appId} has no secret for ${method} at ${endpoint}`)
  }
  return methods
}

function checkSecret(secret: string, appId: string, alg: IdTokenAlg): void {
  // The engine would take a short one for HS256 and sign with it.
  if (alg === 'HS256' && secret.length < 32) {
    refuse(`the secret of ${appId} has ${secret.length} octets and HS256 needs 32; give a longer one or use RS256`)
  }
  if (!/^[\x20-\x7e]+$/.test(secret)) refuse(`the secret of ${appId} is empty or not printable ASCII`)
}

function resolveApp(given: EmulatorAppOptions, index: number, options: EmulatorOptions): ResolvedApp {
  const appId = given.appId ?? APP_IDS[index] ?? randomBytes(12).toString('hex')
  if (!/^[\x21-\x7e]+$/.test(appId)) refuse('an appId is empty, or has blanks or characters outside ASCII')
  const isPublic = given.public === true
  if (isPublic && given.secret !== undefined) refuse(`the public app ${appId} cannot have a secret`)
  const alg = given.idTokenAlg ?? (isPublic ? 'RS256' : (options.idTokenAlg ?? 'HS256'))
  if (alg !== 'HS256' && alg !== 'RS256') refuse(`${String(alg)} is no ID token algorithm here; use HS256 or RS256`)
  if (isPublic && alg === 'HS256') refuse(`the public app ${appId} has no secret to sign with; use RS256`)
  const secret = isPublic ? undefined : (given.secret ?? randomBytes(32).toString('base64url'))
  if (secret !== undefined) checkSecret(secret, appId, alg)

  if (given.redirectUri !== undefined && given.redirectUris !== undefined) {
    refuse(`the app ${appId} has both redirectUri and redirectUris`)
  }
  const [first, ...others] = given.redirectUris ?? [given.redirectUri ?? `http://localhost:${3000 + index}/callback`]
  if (first === undefined) return refuse(`the app ${appId} has no redirect URI`)
  const redirectUris = [checkRedirect(first), ...others.map(checkRedirect)] as const
  const origins = redirectUris.map((uri) => new URL(uri).origin).filter((origin) => origin !== 'null')

  const fallback: EndpointAuthMethod = isPublic ? 'none' : 'client_secret_post'
  const shared = isPublic ? {} : options.authMethods
  const authMethods = {
    token: fallback,
    introspection: fallback,
    revocation: fallback,
    ...shared,
    ...given.authMethods,
  }

  const { accessKey = randomBytes(12).toString('hex'), accessSecret = randomBytes(16).toString('hex') } = given
  if (!/^[\x21-\x7e]+$/.test(accessKey)) {
    refuse(`the accessKey of ${appId} is empty, or has blanks or characters outside ASCII`)
  }
  if (!/^[\x20-\x7e]+$/.test(accessSecret)) refuse(`the accessSecret of ${appId} is empty or not printable ASCII`)

  return {
    appId,
    name: given.name ?? `Sample app ${index + 1}`,
    secret,
    redirectUris: redirectUris,
    postLogoutRedirectUris: given.postLogoutRedirectUris?.map(checkRedirect) ?? [
      ...new Set([...redirectUris, ...origins, ...origins.map((origin) => `${origin}/`)]),
    ],
    idTokenSigningAlg: alg,
    authMethods: checkMethods(authMethods, appId, isPublic),
    accessKey,
    accessSecret,
    metadata: given.metadata ?? {},
  }
}

const isNatural = (value: number): boolean => Number.isSafeInteger(value) && value > 0

/**
 * Decides everything that the options leave open.
 *
 * @throws TypeError when an option is wrong, with what to do instead
 */
export function resolveOptions(options: EmulatorOptions): Settings {
  checkOptions(options)
  const { port = 0, validateStatus = 200, apps: given, appId, secret, redirectUri } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse(`${port} is no port; use 0 to 65535`)
  if (!Number.isInteger(validateStatus) || validateStatus < 200 || validateStatus > 599) {
    refuse(`${validateStatus} is no status for validate_token; use 200 to 599`)
  }
  const short = { ...(appId !== undefined && { appId }), ...(secret !== undefined && { secret }) }
  const first = { ...short, ...(redirectUri !== undefined && { redirectUri }) }
  if (given && Object.keys(first).length > 0)
    refuse('appId, secret and redirectUri are the short form of apps: not both')

  const [head, ...tail] = (given ?? [first, {}]).map((app, index) => resolveApp(app, index, options))
  if (!head) return refuse('apps is empty')
  const apps = [head, ...tail] as const
  const ids = apps.flatMap((app) => [app.appId, app.accessKey])
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) refuse(`${twice} names two apps or access keys`)

  const ttl = {
    accessToken: 3600,
    idToken: 3599,
    code: 600,
    refreshToken: 14 * DAY,
    session: 14 * DAY,
    ...options.ttl,
  }
  for (const [name, seconds] of Object.entries(ttl)) {
    if (!isNatural(seconds)) refuse(`ttl.${name} is ${seconds}; use a whole number of seconds above 0`)
  }

  const { features = {} } = options
  if (features.api && !Object.keys(features.resources ?? {}).some((name) => name.startsWith('/'))) {
    refuse('features.api answers for resources that begin with a slash, and features.resources has none')
  }

  return {
    port,
    apps: apps,
    iss: options.iss ?? true,
    rotate: options.rotate ?? true,
    atHash: options.atHash ?? true,
    validateStatus,
    ttl,
    claims: options.claims ?? (() => ({})),
    scopes: options.scopes ?? {},
    features,
    onRequest: options.onRequest ?? (() => undefined),
    onError: options.onError ?? ((error) => console.error('The emulator failed inside:', error)),
  }
}

/** Makes the object for `defineConfig`: what differs from the defaults there, and nothing else. */
export function configOf(app: ResolvedApp, appHost: string): EmulatorConfig {
  const { authMethods, idTokenSigningAlg, secret } = app
  const where = { appId: app.appId, appHost }
  const how = { redirectUri: app.redirectUris[0], protocol: 'oidc', allowInsecureRequests: true } as const
  if (secret === undefined) {
    // Introspection without client authentication is never a default there: it has to be said.
    return { ...where, ...how, introspectionEndpointAuthMethod: 'none' } satisfies PublicConfig
  }
  return {
    ...where,
    secret,
    ...how,
    ...(authMethods.token !== 'client_secret_post' && { tokenEndpointAuthMethod: authMethods.token }),
    ...(authMethods.introspection !== 'client_secret_post' && {
      introspectionEndpointAuthMethod: authMethods.introspection,
    }),
    ...(authMethods.revocation !== 'client_secret_post' && { revocationEndpointAuthMethod: authMethods.revocation }),
    ...(idTokenSigningAlg !== 'HS256' && { idTokenSigningAlgs: [idTokenSigningAlg] }),
  } satisfies ConfidentialConfig
}
