import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * What is used of oidc-provider, typed by hand: the engine ships no types, and half of what is used here is not in the
 * public ones. Patches on these classes are why the package pins one exact version of the engine.
 */

/** An RSA key as a JSON object. */
export type Jwk = Readonly<Record<string, unknown>> & { readonly kid: string }

/** The claims of a JWT, or its header. */
export type Claims = Readonly<Record<string, unknown>>

/** A client of the engine. */
export interface EngineClient {
  readonly clientId: string
  readonly clientName?: string
  readonly clientSecret?: string
  readonly clientAuthMethod: string
  readonly redirectUris: readonly string[]
  readonly asymmetricKeyStore: EngineKeyStore
  readonly backchannelTokenDeliveryMode?: string
  readonly backchannelClientNotificationEndpoint?: string
  readonly idTokenSignedResponseAlg?: string
  readonly idTokenEncryptedResponseAlg?: string
}

/** The context of a request, of Koa with the engine's additions. */
export interface EngineContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly cookies: { set(name: string, value: string | null, options?: object): void }
  body: unknown
  type: string
  status: number
  readonly response: { get(name: string): string }
  set(name: string, value: string): void
  readonly oidc?: {
    readonly route: string
    readonly params?: Readonly<Record<string, string | undefined>>
    readonly client?: EngineClient
    readonly entities: { readonly AccessToken?: object }
  }
}

/** A stored token. */
export interface EngineToken {
  readonly jti: string
  readonly kind: string
  readonly clientId: string
  readonly accountId?: string
  readonly grantId?: string
  readonly scope?: string
  readonly claims?: object
  readonly expiration: number
  readonly tokenType: string
  readonly jkt?: string
  readonly 'x5t#S256'?: string
  resourceServer?: unknown
  readonly extra?: object
  readonly rar?: readonly object[]
  readonly isValid: boolean
  format?: string
  save(): Promise<string>
  setThumbprint(name: 'jkt' | 'x5t', value: unknown): void
}

/** What a token class turns a token into: the string for the client, and what is stored. */
export interface ValueAndPayload {
  readonly value: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** A token class. */
export interface TokenClass {
  new (fields: object): EngineToken
  prototype: {
    generateTokenId: (this: EngineToken) => string
    getValueAndPayload: (this: EngineToken) => Promise<ValueAndPayload>
  }
  find: (this: TokenClass, value: unknown, options?: object) => Promise<EngineToken | undefined>
}

/** An ID token about to be issued. */
export interface EngineIdToken {
  readonly ctx?: EngineContext
  readonly client: EngineClient
  readonly constructor: { expiresIn(ctx: unknown, token: unknown, client: unknown): number }
  payload(): Promise<Record<string, unknown>>
  set(name: string, value: unknown): void
}

/** A session of a signed-in person. */
export interface EngineSession {
  readonly new?: boolean
  destroy(): Promise<void>
}

/** A running login or consent. */
export interface EngineInteraction {
  readonly uid: string
  readonly prompt: { readonly name: string; readonly details: Readonly<Record<string, unknown>> }
  readonly params: Readonly<Record<string, string | undefined>>
  readonly session?: { readonly accountId: string }
  readonly grantId?: string
}

/** A grant about to be saved. */
export interface EngineGrant {
  addOIDCScope(scope: string): void
  addOIDCClaims(claims: readonly string[]): void
  addResourceScope(resource: string, scope: string): void
  addRar(detail: unknown): void
  save(): Promise<string>
}

/** The engine. */
export interface Engine {
  readonly issuer: string
  readonly AccessToken: TokenClass
  readonly ClientCredentials: TokenClass
  readonly RefreshToken: TokenClass
  readonly AuthorizationCode: TokenClass
  readonly IdToken: {
    /** Checks signature, issuer and audience, and no lifetime; rejects with what is wrong. */
    validate(jwt: string, client: EngineClient): Promise<{ readonly header: Claims; readonly payload: Claims }>
    prototype: { issue: (this: EngineIdToken, options?: { readonly use?: string }) => Promise<string> }
  }
  readonly Client: {
    readonly Schema: { prototype: { invalidate: (this: Claims, message: string, code?: string) => void } }
    find(id: string): Promise<EngineClient | undefined>
  }
  readonly Grant: {
    new (input: { readonly accountId: string | undefined; readonly clientId: string | undefined }): EngineGrant
    find(id: string): Promise<EngineGrant | undefined>
  }
  readonly ReplayDetection: { unique(iss: string, jti: string, exp: number): Promise<boolean> }
  readonly Session: { get(ctx: unknown): Promise<EngineSession> }
  callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>
  createContext(req: IncomingMessage, res: ServerResponse): EngineContext
  cookieName(type: 'session' | 'interaction' | 'resume'): string
  interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<EngineInteraction>
  interactionFinished(
    req: IncomingMessage,
    res: ServerResponse,
    result: object,
    options: { readonly mergeWithLastSubmission: boolean },
  ): Promise<void>
  use(middleware: (ctx: EngineContext, next: () => Promise<void>) => Promise<void>): void
  registerGrantType(
    name: string,
    handler: (ctx: EngineContext) => Promise<void>,
    params: readonly string[],
    mayRepeat?: readonly string[],
  ): void
  backchannelResult(request: object, result: object, details?: object): Promise<void>
  on(event: string, listener: (...values: never[]) => void): void
}

/** An error that the engine answers a request with. */
export type EngineError = new (description?: string) => Error

/** A proof of possession of a key (RFC 9449), checked. */
export interface EngineProof {
  readonly thumbprint: string
  readonly jti: string
}

/** A resource (RFC 8707) and its scopes. */
export interface EngineResource {
  readonly scopes: ReadonlySet<string>
  identifier(): string
}

/** What the engine's own grants are made of: each takes the engine and the request first. */
export interface EngineGrants {
  /** Checks the proof that came along, and asks for a nonce where one is missing; undefined without a proof. */
  validateDpop(engine: Engine, ctx: EngineContext): Promise<EngineProof | undefined>
  checkDpopReplay(engine: Engine, ctx: EngineContext, proof: EngineProof | undefined, clientId: string): Promise<void>
  checkDpopRequired(engine: Engine, ctx: EngineContext, proof: EngineProof | undefined): void
  /** The certificate of a client whose tokens are bound to it; undefined for others. */
  checkMtlsCert(engine: Engine, ctx: EngineContext): unknown
  buildTokenResponse(engine: Engine, answer: object): object
  /** The resources that a request names, or the default ones; rejects for one that there is not. */
  resolveRequestedResources(engine: Engine, ctx: EngineContext): Promise<readonly EngineResource[]>
  /** Refuses scopes that the application's own metadata leaves out. */
  validateClientScope(engine: Engine, ctx: EngineContext, scopes: readonly string[]): unknown
}

/** The engine's own collection of signing keys. */
export interface EngineKeyStore {
  clear(): void
  add(key: object): void
}

/** The parts of the engine's modules that are used. */
export interface EngineModules {
  readonly Provider: new (issuer: string, configuration: object) => Engine
  readonly policy: () => {
    add(prompt: object, index: number): void
    get(name: string): { readonly checks: { remove(reason: string): void } }
  }
  readonly Prompt: new (options: { readonly name: string; readonly requestable: boolean }) => object
  readonly errors: {
    readonly InvalidGrant: EngineError
    readonly InvalidRequest: EngineError
    readonly InvalidScope: EngineError
    readonly InvalidTarget: EngineError
    readonly InvalidAuthorizationDetails: EngineError
    readonly AccessDenied: EngineError
  }
  readonly grants: EngineGrants
  readonly KeyStore: new (keys: readonly object[]) => EngineKeyStore
  /** Checks a JWT's signature and lifetime; rejects with what is wrong. */
  readonly verifyJwt: (jwt: string, keys: EngineKeyStore, options: object) => Promise<unknown>
  readonly keyStoreOf: (provider: Engine) => EngineKeyStore
  /** The names of client metadata that the engine reads, once it has read a client. */
  readonly metadataNamesOf: (provider: Engine) => readonly string[]
}

/**
 * Loads the engine.
 *
 * Its modules are named one by one, because its index writes a warning on stderr for every Node older than 22, and
 * because the key store, which rotation has to reach, is in none of its exports.
 */
export async function loadEngine(): Promise<EngineModules> {
  const [provider, policy, errors, grants, keys, jwt, state] = await Promise.all([
    // @ts-expect-error the engine ships no types
    import('oidc-provider/lib/provider.js') as Promise<{ Provider: EngineModules['Provider'] }>,
    // @ts-expect-error the engine ships no types
    import('oidc-provider/lib/helpers/interaction_policy/index.js') as Promise<{
      base: EngineModules['policy']
      Prompt: EngineModules['Prompt']
    }>,
    // @ts-expect-error the engine ships no types
    import('oidc-provider/lib/helpers/errors.js') as Promise<EngineModules['errors']>,
    // @ts-expect-error the engine ships no types
    import('oidc-provider/lib/helpers/grants.js') as Promise<EngineGrants>,
    // @ts-expect-error the engine ships no types
    import('oidc-provider/lib/helpers/keystore.js') as Promise<{ default: EngineModules['KeyStore'] }>,
    // @ts-expect-error the engine ships no types
    import('oidc-provider/lib/helpers/jwt.js') as Promise<{ verify: EngineModules['verifyJwt'] }>,
    // @ts-expect-error the engine ships no types
    import('oidc-provider/lib/helpers/weak_cache.js') as Promise<{
      get: (provider: Engine) => { readonly keystore: EngineKeyStore; readonly RECOGNIZED_METADATA: readonly string[] }
    }>,
  ])
  return {
    Provider: provider.Provider,
    policy: policy.base,
    Prompt: policy.Prompt,
    errors,
    grants,
    KeyStore: keys.default,
    verifyJwt: jwt.verify,
    keyStoreOf: (engine) => state.get(engine).keystore,
    metadataNamesOf: (engine) => state.get(engine).RECOGNIZED_METADATA,
  }
}
