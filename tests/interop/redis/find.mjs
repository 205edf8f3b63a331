// Where this machine has a Redis server: its own, or the one that was unpacked into this checkout.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the unpacked one. */
export const unpacked = fileURLToPath(new URL('../../../.cache/redis', import.meta.url))

/**
 * Looks for a Redis server that starts.
 *
 * @returns the program, its environment and its version; undefined where there is none
 */
export function findRedis() {
  const libraries = join(unpacked, 'usr/lib')
  const paths = existsSync(libraries) ? readdirSync(libraries).map((name) => join(libraries, name)) : []
  const folders = [...(process.env.PATH ?? '').split(delimiter), join(unpacked, 'usr/bin')]
  for (const program of folders.map((folder) => join(folder, 'redis-server')).filter((path) => existsSync(path))) {
    const env = {
      PATH: process.env.PATH,
      ...(program.startsWith(unpacked) && { LD_LIBRARY_PATH: paths.join(delimiter) }),
    }
    const version = /v=([\d.]+)/.exec(spawnSync(program, ['--version'], { env, encoding: 'utf8' }).stdout ?? '')?.[1]
    if (version) return { program, env, version }
  }
}
