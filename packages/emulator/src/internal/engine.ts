import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * What is used of oidc-provider, typed by hand: the engine ships no types, and half of what is used here is not in the
 * public ones. Patches on these classes are why the package pins one exact version of the engine.
 */

/** An RSA key as a JSON object. */
export type Jwk = Readonly<Record<string, unknown>> & { readonly kid: string }

/** A client of the engine. */
export interface EngineClient {
  readonly clientId: string
  readonly clientName?: string
  readonly clientSecret?: string
  readonly clientAuthMethod: string
  readonly redirectUris: readonly string[]
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
  readonly resourceServer?: unknown
  readonly extra?: object
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
    prototype: { issue: (this: EngineIdToken, options?: { readonly use?: string }) => Promise<string> }
  }
  readonly Client: {
    readonly Schema: { prototype: { invalidate: (this: object, message: string, code?: string) => void } }
    find(id: string): Promise<EngineClient | undefined>
  }
  readonly Grant: {
    new (input: { readonly accountId: string | undefined; readonly clientId: string | undefined }): EngineGrant
    find(id: string): Promise<EngineGrant | undefined>
  }
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
  registerGrantType(name: string, handler: (ctx: EngineContext) => Promise<void>, params: readonly string[]): void
  backchannelResult(request: object, result: object, details?: object): Promise<void>
  on(event: string, listener: (...values: never[]) => void): void
}

/** An error that the engine answers a request with. */
export type EngineError = new (description?: string) => Error

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
    readonly AccessDenied: EngineError
  }
  readonly keyStoreOf: (provider: Engine) => EngineKeyStore
}

/**
 * Loads the engine.
 *
 * Its modules are named one by one, because its index writes a warning on stderr for every Node older than 22, and
 * because the key store, which rotation has to reach, is in none of its exports.
 */
export async function loadEngine(): Promise<EngineModules> {
  const [provider, policy, errors, state] = await Promise.all([
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
    import('oidc-provider/lib/helpers/weak_cache.js') as Promise<{
      get: (provider: Engine) => { readonly keystore: EngineKeyStore }
    }>,
  ])
  return {
    Provider: provider.Provider,
    policy: policy.base,
    Prompt: policy.Prompt,
    errors,
    keyStoreOf: (engine) => state.get(engine).keystore,
  }
}
