import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageNames, readManifest, root } from '../../../scripts/internal/workspace.mjs'

/** Runs a program and gives what it said; a failure's message holds all of its output. */
export const run = async (folder: string, command: string, ...args: string[]): Promise<string> => {
  // npm hands its settings down in the environment, a silent level say, and vitest its own.
  const foreign = /^(npm_|NODE_OPTIONS|VITEST|FORCE_COLOR)/i
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: { ...env, NO_COLOR: '1' }, maxBuffer: 1 << 26 }
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error([error.message, stdout, stderr].join('\n')))
      else resolve(stdout)
    })
  })
}

/** Where the packed packages are, and the empty projects into which they were installed as an application does it. */
export interface Packed {
  readonly tarballs: Record<string, string>
  /** Holds everything but the emulator. */
  readonly application: string
  /** Holds the emulator only. */
  readonly development: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    packed: Packed
  }
}

const aWeekAgo = () => new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10)

const install = async (folder: string, tarballs: Record<string, string>): Promise<string> => {
  await mkdir(folder)
  const dependencies = Object.fromEntries(
    Object.entries(tarballs).map(([name, path]) => [`@genauth-oidc/${name}`, `file:${path}`]),
  )
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  // The same patience with fresh releases as the workspace has.
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', `--before=${aWeekAgo()}`]
  await run(folder, 'npm', 'install', ...flags)
  return folder
}

/** Before the tests: packs every package as it would be published, and installs the tarballs into empty projects. */
// eslint-disable-next-line no-restricted-syntax -- vitest asks for a default export
export default async function setup(project: { provide: (key: 'packed', value: Packed) => void }) {
  const folder = await mkdtemp(join(tmpdir(), 'genauth-oidc-'))
  const pnpm = ['exec', '--yes', '--package=pnpm@10.34.8', '--', 'pnpm']
  await run(
    fileURLToPath(root),
    'npm',
    ...pnpm,
    ...['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', join(folder, 'tarballs')],
  )
  const files = await readdir(join(folder, 'tarballs'))
  const tarballs = Object.fromEntries(
    packageNames().map((name: string) => {
      const file = `genauth-oidc-${name}-${readManifest(name).version}.tgz`
      if (!files.includes(file)) throw new Error(`pnpm packed no ${file}, only ${files.join(', ')}`)
      return [name, join(folder, 'tarballs', file)]
    }),
  ) as Record<string, string>
  const { emulator, ...everyday } = tarballs
  project.provide('packed', {
    tarballs,
    application: await install(join(folder, 'application'), everyday),
    development: await install(join(folder, 'development'), { emulator: emulator! }),
  })
  return () => rm(folder, { recursive: true, force: true })
}
