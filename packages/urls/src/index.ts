export { buildAuthorizeUrl } from './buildAuthorizeUrl.js'
export { buildLogoutUrl } from './buildLogoutUrl.js'
export { readCallback } from './readCallback.js'

export type { ExpertLogoutParams, LogoutParams } from './buildLogoutUrl.js'
export type {
  AuthorizationResponse,
  AuthorizeParams,
  CasAuthorizeParams,
  ExpectedCallback,
  OauthAuthorizeParams,
  ResponseMode,
  ResponseType,
} from './types.js'
