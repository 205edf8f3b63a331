export { verifyAccessToken } from './verifyAccessToken.js'
export { verifyIdToken } from './verifyIdToken.js'
export { verifyLogoutToken } from './verifyLogoutToken.js'

export type {
  AccessTokenClaims,
  CheckedClaims,
  ExpectedAccessToken,
  ExpectedIdToken,
  ExpectedLogoutToken,
  IdTokenClaims,
  Level,
  LogoutTokenClaims,
  SignedClaims,
  VerifyOptions,
} from './types.js'
