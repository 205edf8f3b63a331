export { buildSamlUrl } from './buildSamlUrl.js'
export { ClientSecretJwt } from './ClientSecretJwt.js'
export { createDecryptingFetch } from './createDecryptingFetch.js'
export { createDpop } from './createDpop.js'
export { createSessionCheck } from './createSessionCheck.js'
export { decryptJwt } from './decryptJwt.js'
export { deleteClient } from './deleteClient.js'
export { exchangeToken } from './exchangeToken.js'
export { fetchResource } from './fetchResource.js'
export { getAccessTokenByAssertion } from './getAccessTokenByAssertion.js'
export { getAccessTokenByIdToken } from './getAccessTokenByIdToken.js'
export { getSignedUserInfo } from './getSignedUserInfo.js'
export { introspectSignedToken } from './introspectSignedToken.js'
export { parseCasXml } from './parseCasXml.js'
export { pollBackchannelToken } from './pollBackchannelToken.js'
export { pollDeviceToken } from './pollDeviceToken.js'
export { PrivateKeyJwt } from './PrivateKeyJwt.js'
export { pushAuthorizationRequest } from './pushAuthorizationRequest.js'
export { readBackchannelPing } from './readBackchannelPing.js'
export { readClient } from './readClient.js'
export { readFrontChannelLogout } from './readFrontChannelLogout.js'
export { readProtectedResource } from './readProtectedResource.js'
export { readServerMetadata } from './readServerMetadata.js'
export { readSignedCallback } from './readSignedCallback.js'
export { registerClient } from './registerClient.js'
export { signAssertion } from './signAssertion.js'
export { signRequestObject } from './signRequestObject.js'
export { startBackchannelAuthentication } from './startBackchannelAuthentication.js'
export { startDeviceAuthorization } from './startDeviceAuthorization.js'
export { TlsClientAuth } from './TlsClientAuth.js'
export { trackCasSession } from './trackCasSession.js'
export { updateClient } from './updateClient.js'
export { useMtlsEndpoints } from './useMtlsEndpoints.js'
export { validateCasTicket } from './validateCasTicket.js'
export { verifyDpopRequest } from './verifyDpopRequest.js'

export type { SamlParams } from './buildSamlUrl.js'
export type { DecryptingFetchOptions } from './createDecryptingFetch.js'
export type { DpopOptions } from './createDpop.js'
export type { SessionCheck } from './createSessionCheck.js'
export type { DecryptParams } from './decryptJwt.js'
export type { TokenType, ExchangeParams, ExchangeResponse } from './exchangeToken.js'
export type { ResourceParams } from './fetchResource.js'
export type { AssertionParams } from './getAccessTokenByAssertion.js'
export type { IdTokenParams } from './getAccessTokenByIdToken.js'
export type { SignedUserInfoParams } from './getSignedUserInfo.js'
export type { SignedIntrospectionParams } from './introspectSignedToken.js'
export type { BackchannelPollOptions } from './pollBackchannelToken.js'
export type { PushOptions } from './pushAuthorizationRequest.js'
export type { ExpectedPing } from './readBackchannelPing.js'
export type { ExpectedLogout } from './readFrontChannelLogout.js'
export type { ProtectedResourceMetadata } from './readProtectedResource.js'
export type { ServerMetadataOptions } from './readServerMetadata.js'
export type { ExpectedSignedCallback } from './readSignedCallback.js'
export type { RegisterParams } from './registerClient.js'
export type { SignAssertionParams } from './signAssertion.js'
export type { SignedRequestParams } from './signRequestObject.js'
export type { BackchannelParams, BackchannelAuthentication } from './startBackchannelAuthentication.js'
export type { DeviceParams, DeviceAuthorization } from './startDeviceAuthorization.js'
export type { CasSession, CasSessionParams } from './trackCasSession.js'
export type { UpdateParams } from './updateClient.js'
export type { CasTicketParams, CasUser } from './validateCasTicket.js'
export type { ExpectedDpopRequest } from './verifyDpopRequest.js'
export type { AssertionOptions } from './internal/assertion.js'
export type {
  AuthorizationDetail,
  ClientHandle,
  ClientRegistration,
  DpopKeyPair,
  ExpectedSignature,
  FapiOptions,
  LinkParams,
  PendingAuthorization,
  PollOptions,
  ServerConfig,
  ServerMetadata,
  SignedOptions,
  SigningKey,
} from './types.js'
