export { appHost } from './appHost.js'
export { appId } from './appId.js'
export { ask } from './ask.js'
export { authenticate } from './authenticate.js'
export { authMethod } from './authMethod.js'
export { defineConfig } from './defineConfig.js'
export { discover } from './discover.js'
export { endpoint } from './endpoint.js'
export { extendConfig } from './extendConfig.js'
export { isOidcError } from './isOidcError.js'
export { issuer } from './issuer.js'
export { OidcError } from './OidcError.js'
export { randomString } from './randomString.js'
export { request } from './request.js'

export type { Bad, Judge, Question } from './ask.js'
export type { DiscoverOptions } from './discover.js'
export type {
  CallbackReason,
  ErrorFields,
  MissingFeature,
  OidcErrorCode,
  ResponseReason,
  TokenCheck,
} from './OidcError.js'
export type { Answer, Send } from './request.js'
export type {
  AuthMethod,
  CasConfig,
  ClientAuth,
  Config,
  ConfigInput,
  ConfigOf,
  ConfigPatch,
  DpopHandle,
  EndpointName,
  Endpoints,
  FetchInit,
  FetchLike,
  JsonObject,
  JsonStore,
  OauthConfig,
  OidcConfig,
  Protocol,
  RandomOptions,
  RequestLike,
  RequestOptions,
  ResponseLike,
  SamlConfig,
  Secret,
  SigningAlg,
  StandardClaims,
  TokenConfig,
} from './types.js'
