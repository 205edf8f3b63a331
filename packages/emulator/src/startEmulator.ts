import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { refuse } from './internal/checkOptions.js'
import { createFront } from './internal/createFront.js'
import { createKeyRing, type KeyRing } from './internal/createKeyRing.js'
import { createOauthProvider } from './internal/createOauthProvider.js'
import { createOidcProvider, type OidcProvider } from './internal/createOidcProvider.js'
import { createUsers, type Users } from './internal/createUsers.js'
import { loadEngine, type Engine, type EngineModules } from './internal/engine.js'
import { configOf, resolveOptions, type ResolvedApp, type Settings } from './internal/resolveOptions.js'
import type { Emulator, EmulatorApp, EmulatorOptions } from './types.js'

/**
 * Starts a GenAuth on this machine: loopback only, in memory, in this process.
 *
 * @param options - what to set otherwise than by default
 * @returns the running emulator; give `config` to `defineConfig`, and call `stop()` at the end
 * @throws TypeError when an option is wrong; the error of the port when it is taken
 *
 * @example
 * ```ts
 * import { startEmulator } from '@genauth-oidc/emulator/startEmulator'
 *
 * const emulator = await startEmulator({ idTokenAlg: 'RS256' })
 * console.log(emulator.issuer, emulator.config)
 * await emulator.stop()
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const resolved = resolveOptions(options)
  const modules = await loadEngine()

  // Listening first: the port is part of the issuer, and the engine is made for one issuer.
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(resolved.port, '127.0.0.1', resolve)
  })
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      // Its only error is that it was stopped before, and then it is what was asked for.
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const { port } = server.address() as AddressInfo
  // As a URL writes it: port 80 stands in no Host header.
  const appHost = new URL(`http://127.0.0.1:${port}`).origin
  const make = async () => {
    const settings = withResources(resolved, appHost)
    const ring = createKeyRing(settings.features.signingAlgs)
    const users = createUsers(settings)
    const { provider, oauth } = await makeProviders(appHost, settings, ring, users, modules)
    return { settings, ring, provider, front: createFront(appHost, settings, users, provider, oauth) }
  }
  // Whatever is wrong with the options: a port that goes on listening would keep the process.
  const { settings, ring, provider, front } = await make().catch(async (error: unknown) => {
    await stop()
    throw error
  })
  server.on('request', (req, res) => void front(req, res))

  const publish = (app: ResolvedApp): EmulatorApp => Object.freeze({ ...app, config: configOf(app, appHost) })
  const [first, ...others] = settings.apps
  const apps = [publish(first), ...others.map(publish)] as const

  return Object.freeze({
    appHost,
    issuer: provider.engine.issuer,
    port,
    apps: apps,
    config: apps[0].config,
    rotateKeys: ({ forgetOld = false } = {}) => {
      ring.rotate(forgetOld)
      // What the engine signs and checks by itself, say a logout token or a hint, goes by its own copy.
      const store = modules.keyStoreOf(provider.engine)
      store.clear()
      for (const key of ring.privateJwks()) store.add(key)
    },
    stop,
  })
}

/** Puts the emulator's own address before the resources that it has itself. */
function withResources(settings: Settings, appHost: string): Settings {
  const { resources } = settings.features
  if (!resources) return settings
  const absolute = Object.entries(resources).map(([name, scope]) => [name.replace(/^\//, `${appHost}/`), scope])
  return { ...settings, features: { ...settings.features, resources: Object.fromEntries(absolute) } }
}

async function makeProviders(
  appHost: string,
  settings: Settings,
  ring: KeyRing,
  users: Users,
  modules: EngineModules,
): Promise<{ readonly provider: OidcProvider; readonly oauth: Engine }> {
  const provider = createOidcProvider(appHost, settings, ring, users, modules)
  const oauth = createOauthProvider(appHost, settings, ring, users, modules)
  // The engine looks at a client when it is first asked for, which would be in the middle of a sign-in.
  for (const { appId, metadata } of settings.apps) {
    for (const engine of [provider.engine, oauth]) {
      await engine.Client.find(appId).catch((error: unknown) => {
        const { error_description: reason = 'for no known reason' } = error as { readonly error_description?: string }
        throw new TypeError(`The emulator cannot start: the app ${appId} is refused: ${reason}`, { cause: error })
      })
    }
    // The engine leaves out what it does not know, and so what a feature that is off would read.
    const names = modules.metadataNamesOf(provider.engine)
    const unknown = Object.keys(metadata).find((name) => !names.includes(name))
    if (unknown !== undefined) {
      refuse(`metadata.${unknown} of the app ${appId} is read by nobody: is it misspelt, or its feature off?`)
    }
  }
  return { provider, oauth }
}
