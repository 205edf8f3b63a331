// The packages as an application gets them: built, packed, and installed from their tarballs into an empty project.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageNames, readManifest, root } from '../../scripts/internal/workspace.mjs'

const repository = fileURLToPath(root)
const { packageManager } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
const pnpm = ['exec', '--yes', `--package=${packageManager}`, '--', 'pnpm']

/** Runs a program to its end; what it said is shown when it fails. */
export function run(command, args, { cwd = repository, env } = {}) {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS)/i.test(name))
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...Object.fromEntries(own), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    let output = ''
    child.stdout.on('data', (data) => ((said += data), (output += data)))
    child.stderr.on('data', (data) => (said += data))
    child.on('error', reject)
    child.on('close', (code, signal) =>
      code === 0
        ? resolve(output)
        : reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}:\n${said}`)),
    )
  })
}

/** Installs the peers, which no test needs, by their own lock file. */
export async function installPeers() {
  const cwd = fileURLToPath(new URL('../peers', import.meta.url))
  await run('npm', [...pnpm, 'install', '--frozen-lockfile', '--prefer-offline', '--ignore-scripts'], { cwd })
  return cwd
}

/**
 * Builds, packs and installs.
 *
 * @returns the project's folder, and what removes it
 */
export async function installOurs() {
  const names = packageNames()
  await run(process.execPath, [join(repository, 'scripts/build.mjs')])
  const folder = mkdtempSync(join(tmpdir(), 'genauth-oidc-bench-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const tarballs = join(folder, 'tarballs')
    await run('npm', [...pnpm, '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', tarballs])
    const application = join(folder, 'application')
    mkdirSync(application)
    const dependencies = Object.fromEntries(
      names.map((name) => [
        `@genauth-oidc/${name}`,
        `file:${tarballs}/genauth-oidc-${name}-${readManifest(name).version}.tgz`,
      ]),
    )
    writeFileSync(join(application, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
    const aWeekAgo = new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10)
    await run(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', `--before=${aWeekAgo}`],
      { cwd: application },
    )
    return { folder: application, remove }
  } catch (error) {
    remove()
    throw error
  }
}
