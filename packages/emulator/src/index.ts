export { signIn } from './signIn.js'
export { signOut } from './signOut.js'
export { startEmulator } from './startEmulator.js'
export type {
  ConfidentialConfig,
  Emulator,
  EmulatorApp,
  EmulatorAppOptions,
  EmulatorConfig,
  EmulatorLifetimes,
  EmulatorOptions,
  EmulatorRequest,
  EndpointAuthMethod,
  EndpointAuthMethods,
  IdTokenAlg,
  PublicConfig,
} from './types.js'
