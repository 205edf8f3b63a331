import type { OidcConfig } from '@genauth-oidc/core/types'
import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
import type { Emulator, EmulatorFeatures, EmulatorOptions, EmulatorRequest } from '@genauth-oidc/emulator/types'
import { generateKeyPair } from 'oauth4webapi'
import { afterAll } from 'vitest'

/** A signing key of a client: the private half to sign with, the public half to register. */
export interface ClientKey {
  readonly key: CryptoKey
  readonly kid: string
  readonly jwk: Record<string, unknown>
}

/** Makes a client's signing key. */
export async function clientKey(alg = 'ES256'): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const kid = `key-${alg}`
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', publicKey)
  return { key: privateKey, kid, jwk: { kty, crv, x, y, n, e, kid, alg, use: 'sig' } }
}

/** An emulator with a log of what it was asked. */
export interface Provider {
  readonly emulator: Emulator
  readonly config: OidcConfig
  readonly log: EmulatorRequest[]
  /** How often a path was asked, and with which statuses. */
  readonly statuses: (path: string) => number[]
}

const running: Emulator[] = []
afterAll(async () => {
  for (const emulator of running.splice(0)) await emulator.stop()
})

/** Starts an emulator with features of this package's kind; it is stopped when the file's tests are done. */
export async function startProvider(
  features: EmulatorFeatures,
  metadata: Record<string, unknown> = {},
  options: EmulatorOptions = {},
): Promise<Provider> {
  const log: EmulatorRequest[] = []
  const emulator = await startEmulator({
    idTokenAlg: 'RS256',
    apps: [{ metadata }, {}],
    ...options,
    features,
    onRequest: (request) => log.push(request),
  })
  running.push(emulator)
  return {
    emulator,
    config: emulator.config as OidcConfig,
    log,
    statuses: (path) => log.filter((request) => request.path === path).map(({ status }) => status),
  }
}

/** The same config for an application that has a key in the place of its secret. */
export function withoutSecret(
  config: OidcConfig,
  tokenEndpointAuthMethod: OidcConfig['tokenEndpointAuthMethod'],
): OidcConfig {
  const { secret: _secret, ...rest } = config as OidcConfig & { secret?: string }
  return {
    ...rest,
    tokenEndpointAuthMethod,
    introspectionEndpointAuthMethod: tokenEndpointAuthMethod,
    revocationEndpointAuthMethod: tokenEndpointAuthMethod,
  } as OidcConfig
}

/** What a rejected promise was rejected with. */
export async function errorOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await work
  } catch (error) {
    return error as Record<string, unknown>
  }
  throw new Error('It was not refused.')
}
