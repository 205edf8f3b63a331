export { beginLogin } from './beginLogin.js'
export { completeLogin } from './completeLogin.js'
export { open } from './open.js'
export { openTransaction } from './openTransaction.js'
export { refreshLogin } from './refreshLogin.js'
export { seal } from './seal.js'
export { sealTransaction } from './sealTransaction.js'
export { transactionCookie } from './transactionCookie.js'
export { transactionFromCookie } from './transactionFromCookie.js'

export type { BeginOptions } from './beginLogin.js'
export type { TransactionSource } from './completeLogin.js'
export type { RefreshableLogin, RefreshedLogin, RefreshOptions } from './refreshLogin.js'
export type { SealParams } from './seal.js'
export type { TransactionCookie } from './transactionCookie.js'
export type {
  FrontChannelTokens,
  LevelFor,
  Login,
  LoginOptions,
  LoginParams,
  LoginResponseType,
  LoginTransaction,
} from './types.js'
