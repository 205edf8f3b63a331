import type { OidcErrorCode } from '@genauth-oidc/core/OidcError'
import type { LoginResponseType } from '@genauth-oidc/login/types'
import type { Signer } from './provider/signers.js'

export type ResponseType = LoginResponseType
export type Alg = 'HS256' | 'RS256' | 'PS256' | 'ES256'

/** The profiles of the suite's relying-party tests, and `Own` for rules beyond it. */
export type Profile =
  | 'Basic'
  | 'Implicit'
  | 'Hybrid'
  | 'Form Post (Basic)'
  | 'Form Post (Implicit)'
  | 'Form Post (Hybrid)'
  | 'Config'
  | 'Comprehensive'
  | 'Refresh'
  | 'RP-initiated logout'
  | 'Back-channel logout'
  | 'Front-channel logout'
  | 'Third-party-initiated login'
  | 'FAPI 2'
  | 'FAPI 2, message signing'
  | 'Own'

/** One way to run a module: what is asked for, how it comes back, and how ID tokens are signed. */
export interface Variant {
  readonly responseType: ResponseType
  /** Left out: the response type's own. */
  readonly responseMode?: 'form_post' | undefined
  readonly alg: Alg
  /** Pushed requests, private_key_jwt and DPoP; `signed` has the answer of the authorization endpoint signed too. */
  readonly fapi?: 'plain' | 'signed' | undefined
}

/** An answer of the provider. A string is sent as it is, all else as JSON. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export type Claims = Record<string, unknown>

/** Where an ID token is issued, and what goes with it. */
export interface Issue {
  readonly run: Run
  readonly place: 'authorization' | 'token' | 'refresh' | 'logout' | 'response' | 'userinfo'
  readonly code?: string | undefined
}

/** How the provider misbehaves: each hook gets what a well-behaved one would do, and gives what is done instead. */
export interface Behaviour {
  readonly metadata?: (metadata: Claims, run: Run) => Claims
  /** Endpoints at addresses that cannot be guessed; nothing is served at the usual ones. */
  readonly moved?: readonly string[]
  readonly metadataAnswer?: (answer: Answer, run: Run) => Answer
  readonly keys?: (keys: readonly Claims[], run: Run) => readonly Claims[] | Promise<readonly Claims[]>
  readonly keysAnswer?: (answer: Answer, run: Run) => Answer
  /** May change `run.generation`, and with it all keys. */
  readonly beforeAuthorization?: (run: Run) => void
  readonly beforeSigning?: (run: Run) => void
  /** Further demands on the authorization request. */
  readonly demands?: (params: URLSearchParams, demand: Demand) => void
  readonly signer?: (signer: Signer, issue: Issue) => Signer | Promise<Signer>
  readonly header?: (header: Claims, issue: Issue) => Claims | Promise<Claims>
  readonly claims?: (claims: Claims, issue: Issue) => Claims
  /** Changes the signed token. */
  readonly jwt?: (jwt: string, issue: Issue) => string
  readonly callback?: (params: URLSearchParams, run: Run) => URLSearchParams
  readonly place?: 'query' | 'fragment' | 'form_post'
  readonly tokenAnswer?: (answer: Answer, issue: Issue) => Answer
  readonly userInfo?: (answer: Answer, run: Run) => Answer | Promise<Answer>
  /** Plain parameters where a signed callback was asked for. */
  readonly unsignedAnswer?: boolean
  /** The nonce that DPoP proofs have to hold, false for none; `never` is never content. */
  readonly dpopNonce?: false | 'never'
  /** The parameters with which the browser comes back from the end-session endpoint. */
  readonly afterLogout?: (params: URLSearchParams) => URLSearchParams
  /** Changes the request that brings the logout token. */
  readonly logoutRequest?: (request: Request, run: Run) => Request
}

export type Demand = (holds: boolean, rule: string) => void

/** What of a client's registration is not the same for all. */
export interface Registration {
  /** Default: client_secret_post. */
  readonly authMethod?: 'client_secret_basic' | 'tls_client_auth' | undefined
  /** User info comes as a JWT. */
  readonly signedUserInfo?: boolean | undefined
  /** The client registers itself: it learns its id and secret by that. */
  readonly dynamic?: boolean | undefined
}

/** An endpoint as the log names it; `other` is one that the provider never offered. */
export type Endpoint =
  'discovery' | 'jwks' | 'registration' | 'par' | 'authorization' | 'token' | 'userinfo' | 'endSession' | 'other'

interface Grant {
  readonly nonce: string | undefined
  readonly challenge: string | undefined
  readonly scope: string
  readonly authTime: number | undefined
  used: boolean
}

/** One module in one variant, against one client: an issuer of its own, with a log of its own. */
export interface Run {
  readonly issuer: string
  readonly variant: Variant
  readonly behaviour: Behaviour
  readonly client: {
    readonly id: string
    readonly secret: string
    readonly redirectUri: string
    readonly postLogoutRedirectUri: string
  } & Registration
  readonly user: { readonly sub: string; readonly sid: string; readonly email: string }
  /** Everything that was asked, in order. */
  readonly log: Endpoint[]
  /** What a well-behaved client would not have done. */
  readonly violations: string[]
  readonly grants: Map<string, Grant>
  /** Refresh tokens that are good, with their scope. */
  readonly refreshTokens: Map<string, string>
  readonly accessTokens: Set<string>
  /** The thumbprints of the keys that access tokens are bound to. */
  readonly bound: Map<string, string>
  /** Pushed requests, by request_uri. */
  readonly pushed: Map<string, URLSearchParams>
  /** The `jti` of all assertions and proofs. */
  readonly seen: Set<string>
  readonly idTokens: Set<string>
  /** Grows with each rotation of the keys. */
  generation: number
  /** The client's address for back-channel logout, in process. */
  backchannel?: (request: Request) => Promise<Response>
}

/** What came back through the browser. */
export interface Callback {
  readonly url: string
  /** The form of a POST. */
  readonly form?: string | undefined
}

/** What a client says of a sign-in that it accepted. */
export interface SignedIn {
  readonly claims: Claims
  readonly accessToken?: string | undefined
  readonly refreshToken?: string | undefined
  readonly idToken?: string | undefined
  readonly userInfo?: Claims | undefined
}

/** What a module asks for, beside its variant. */
export interface SignInParams {
  readonly scope?: string
  readonly prompt?: string
  readonly maxAge?: number
  readonly loginHint?: string
  /** False where the rule is about what comes before. */
  readonly userInfo?: boolean
}

/** A sign-in that was begun. */
export interface Begun {
  readonly url: URL
  complete(callback: Callback, options?: { readonly now?: number }): Promise<SignedIn>
}

/** A client that is connected to one run's provider. What it has no function for is left out. */
export interface Session {
  begin(params?: SignInParams): Promise<Begun>
  refresh?(signedIn: SignedIn, params: SignInParams): Promise<SignedIn>
  logoutUrl?(idToken: string, redirectUri: string, state: string): URL
  /** Judges the return from the end-session endpoint. */
  loggedOut?(callback: Callback, state: string): Promise<void>
  /** The endpoints of an application, made with the client's functions. */
  readonly endpoints?: Endpoints
}

/** The endpoints of an application that a provider calls, or has the browser call. */
export interface Endpoints {
  backchannelLogout(request: Request): Promise<Response>
  frontchannelLogout(request: Request): Promise<Response>
  initiateLogin(request: Request): Promise<Response>
  /** Keeps a session, so that there is one to end. */
  signedIn(signedIn: SignedIn): void
  readonly sessions: ReadonlyMap<string, Claims>
  /** Why the last request was refused. */
  readonly refusal: () => unknown
  /** The sign-in that `initiateLogin` has begun. */
  readonly begun: () => Begun
}

export interface ClientOptions {
  /** With the client's own switch for signatures turned on. */
  readonly signatures?: boolean
}

/** A client under test. */
export interface Client {
  readonly name: 'ours' | 'oauth4webapi' | 'openid-client'
  /** Reads the metadata. */
  connect(run: Run, options?: ClientOptions): Promise<Session>
}

/** What is done in a run, by whichever client. It rejects with what the client rejects with. */
export type Flow = (session: Session, run: Run, context: FlowContext) => Promise<SignedIn | undefined>

export interface FlowContext {
  readonly params: SignInParams
  /** Follows a link as a browser would, up to the redirect URI. */
  browse(url: URL): Promise<Callback>
  /** Another provider, of good behaviour, on the same server. */
  another(): Run
  connect(run: Run): Promise<Session>
}

/** Up to which point a run gets; nothing may be asked beyond it. */
export type Stage =
  | 'discovery'
  | 'callback'
  | 'claims'
  | 'signature'
  | 'token'
  | 'second signature'
  | 'whole'
  | 'refresh'
  | 'refreshed'
  | 'logout'

export interface Expected {
  /** Left out where the run is accepted. */
  readonly code?: OidcErrorCode
  /** Fields of the error. */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly stage: Stage
  /** What is asked in place of what the stage says. */
  readonly asked?: (whole: readonly Endpoint[], variant: Variant) => readonly Endpoint[]
}

interface Described {
  readonly name: string
  readonly profiles: readonly Profile[]
  /** What the provider does, as a sentence. */
  readonly provider: string
}

/** A module that runs. */
export interface Module extends Described {
  readonly behaviour: Behaviour
  readonly expected: Expected
  /** Narrows the profiles' response types. */
  readonly responseTypes?: readonly ResponseType[]
  /** In place of the profile's own. */
  readonly responseModes?: readonly ('form_post' | undefined)[]
  /** Default: all. */
  readonly algs?: readonly Alg[]
  /** Default: one sign-in. */
  readonly flow?: Flow
  readonly params?: SignInParams
  /** How the client is registered. */
  readonly client?: Registration
  /** For rules of our own, whose profile does not say it. */
  readonly fapi?: 'plain' | 'signed'
  /** To accept is as good, for the reason given. */
  readonly eitherWay?: string
  /** Why the peers are not asked. */
  readonly oursAlone?: string
  /** Looks at what was accepted; throws when it is not right. */
  readonly accepted?: (signedIn: SignedIn | undefined, run: Run) => void
}

/** A module that does not apply. */
export interface NotApplicable extends Described {
  readonly reason: string
}

export type AnyModule = Module | NotApplicable
