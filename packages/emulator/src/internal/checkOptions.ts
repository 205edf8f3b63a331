import type { EmulatorAppOptions, EmulatorFeatures, EmulatorLifetimes, EmulatorOptions } from '../types.js'

/** Looks at what was given for the option at a path, and refuses what it cannot be. */
type Check = (given: unknown, path: string) => void

/** Ends the start with what is wrong. */
export function refuse(message: string): never {
  throw new TypeError(`The emulator cannot start: ${message}`)
}

const isObject = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given)

function must(right: boolean, path: string, what: string): void {
  if (!right) refuse(`${path} must be ${what}`)
}

const below = (path: string, name: string): string => {
  if (path === '') return name
  return /^[a-z_]\w*$/i.test(name) ? `${path}.${name}` : `${path}['${name}']`
}

const flag: Check = (given, path) => must(typeof given === 'boolean', path, 'true or false')
const text: Check = (given, path) => must(typeof given === 'string', path, 'a text')
const call: Check = (given, path) => must(typeof given === 'function', path, 'a function')
const object: Check = (given, path) => must(isObject(given), path, 'an object')
const texts: Check = (given, path) =>
  must(Array.isArray(given) && given.every((one) => typeof one === 'string'), path, 'a list of texts')
/** What is looked at together with its value's meaning, further on. */
const later: Check = () => undefined

/** An object with these options and no other: a mistyped one would be left out without a word. */
const options =
  (checks: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (given, path) => {
    must(isObject(given), path || 'what is given', 'an object')
    const entries = Object.entries(given as object)
    const known = Object.keys(checks)
    for (const [name, one] of entries) {
      if (!known.includes(name)) {
        refuse(`${name} is no option of ${path || 'the emulator'}; there are ${known.join(', ')}`)
      }
      if (one !== undefined) checks[name]?.(one, below(path, name))
    }
    for (const name of required) checks[name]?.((given as Record<string, unknown>)[name], below(path, name))
  }

/** An object whose names are the caller's. */
const record =
  (check: Check): Check =>
  (given, path) => {
    object(given, path)
    for (const [name, one] of Object.entries(given as object)) check(one, below(path, name))
  }

const list =
  (check: Check): Check =>
  (given, path) => {
    must(Array.isArray(given), path, 'a list')
    for (const [index, one] of (given as readonly unknown[]).entries()) check(one, `${path}[${index}]`)
  }

const flagOr =
  (check: Check): Check =>
  (given, path) => {
    if (typeof given === 'boolean') return
    must(isObject(given), path, 'true, false or an object')
    check(given, path)
  }

const resources: Check = (given, path) => {
  record(text)(given, path)
  const wrong = Object.keys(given as object).find(
    (name) => name.includes('#') || !(name.startsWith('/') || URL.canParse(name)),
  )
  if (wrong !== undefined) {
    refuse(`${wrong} is no resource: use an absolute URL without a fragment, or a path that begins with a slash`)
  }
}

const types: Check = (given, path) => {
  texts(given, path)
  must((given as readonly string[]).length > 0 && !(given as readonly string[]).includes(''), path, 'a list of types')
}

const keys: Check = (given, path) =>
  must(
    isObject(given) && Array.isArray(given['keys']) && given['keys'].every(isObject),
    path,
    'a JWKS, { keys: [...] }',
  )

const signingAlgs: Check = (given, path) =>
  must(
    Array.isArray(given) && given.every((alg) => /^(PS256|ES256|EdDSA)$/.test(String(alg))),
    path,
    'a list of PS256, ES256, EdDSA',
  )

const authMethods = options({ token: text, introspection: text, revocation: text })

const features = options({
  par: flag,
  dpop: flagOr(options({ forceNonce: flag })),
  jar: flag,
  jarm: flag,
  jwtClientAuth: flag,
  mtls: flag,
  deviceFlow: flag,
  ciba: flagOr(options({ decide: call }, ['decide'])),
  tokenExchange: flag,
  jwtBearer: flagOr(options({ issuers: record(keys) }, ['issuers'])),
  authingToken: flag,
  authorizationDetails: types,
  registration: flag,
  introspectionJwt: flag,
  userInfoJwt: flag,
  encryption: flag,
  backchannelLogout: flag,
  claimsParameter: flag,
  resources,
  api: call,
  signingAlgs,
} satisfies Record<keyof EmulatorFeatures, Check>)

const app = options({
  appId: text,
  secret: text,
  public: flag,
  name: text,
  redirectUri: text,
  redirectUris: texts,
  postLogoutRedirectUris: texts,
  idTokenAlg: later,
  authMethods,
  accessKey: text,
  accessSecret: text,
  metadata: object,
} satisfies Record<keyof EmulatorAppOptions, Check>)

const emulator = options({
  port: later,
  appId: text,
  secret: text,
  redirectUri: text,
  apps: list(app),
  idTokenAlg: later,
  authMethods,
  iss: flag,
  rotate: flag,
  atHash: flag,
  validateStatus: later,
  ttl: options({
    accessToken: later,
    idToken: later,
    code: later,
    refreshToken: later,
    session: later,
  } satisfies Record<keyof EmulatorLifetimes, Check>),
  claims: call,
  scopes: record(texts),
  features,
  onRequest: call,
  onError: call,
} satisfies Record<keyof EmulatorOptions, Check>)

/**
 * Refuses options that are misnamed or of another type, down to the innermost.
 *
 * @throws TypeError that names the option, and what there is instead
 */
export const checkOptions = (given: unknown): void => emulator(given, '')
