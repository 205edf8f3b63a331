export { approveDevice } from './approveDevice.js'
export type { ApproveDeviceOptions } from './approveDevice.js'
export { signIn } from './signIn.js'
export type { SignInOptions, SignInResult } from './signIn.js'
export { signOut } from './signOut.js'
export type { SignOutOptions } from './signOut.js'
export { startEmulator } from './startEmulator.js'
export type {
  CibaDecision,
  ConfidentialConfig,
  Emulator,
  EmulatorApp,
  EmulatorAppOptions,
  EmulatorConfig,
  EmulatorFeatures,
  EmulatorJwks,
  EmulatorLifetimes,
  EmulatorOptions,
  EmulatorRequest,
  EndpointAuthMethod,
  EndpointAuthMethods,
  IdTokenAlg,
  PublicConfig,
} from './types.js'
