import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedis } from './find.mjs'

/** A running Redis server. */
export interface RedisServer {
  readonly url: string
  /** Ends it, once. */
  stop(): Promise<void>
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a Redis server on loopback that keeps everything in memory, and waits until it takes connections. */
export async function startRedis(tries = 3): Promise<RedisServer> {
  const { program, env } = findRedis()!
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'genauth-oidc-redis-'))
  const settings = { bind: '127.0.0.1', port: `${port}`, dir: folder, save: '', appendonly: 'no', daemonize: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const ready = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        said += data.toString()
        if (said.includes('Ready to accept connections')) resolve(true)
      })
    child.once('error', () => resolve(false))
    child.once('close', () => resolve(false))
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  // Should a test end before it says so.
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    process.off('exit', kill)
    await rm(folder, { recursive: true, force: true })
  }
  if (await ready) return { url: `redis://127.0.0.1:${port}`, stop }
  await stop()
  // Somebody else may have taken the port.
  if (tries > 1) return startRedis(tries - 1)
  throw new Error(`Redis does not start: ${said}`)
}
