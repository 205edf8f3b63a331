// Installs what this machine lacks and can have. Nothing here fails a run: what is still missing is skipped by name.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findRuntimes } from './findRuntimes.mjs'
import { output } from './runProgram.mjs'

const cwd = fileURLToPath(new URL('../', import.meta.url))

const show = (command, args, env = {}) =>
  new Promise((resolve) => {
    // npm hands a silent level on, and then a long download would look like a halt.
    const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))
    const child = spawn(command, args, { cwd, stdio: 'inherit', env: { ...Object.fromEntries(own), ...env } })
    child.on('error', () => resolve(false))
    child.on('close', (code) => resolve(code === 0))
  })

const browsers = { Chromium: ['chromium'], Firefox: ['firefox-esr'], WebKit: ['webkit2gtk-driver', 'xvfb'] }

export async function install() {
  console.log('Installing the runtimes that npm has: 850 MB on disk, once')
  const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const pnpm = ['exec', '--yes', `--package=${packageManager}`, '--', 'pnpm']
  const flags = ['--frozen-lockfile', '--prefer-offline', '--ignore-scripts', '--reporter=append-only']
  if (!(await show('npm', [...pnpm, 'install', ...flags]))) console.log('  not possible here')

  const missing = (await findRuntimes()).filter(({ name, missing }) => missing && browsers[name])
  if (missing.length === 0) return
  const packages = missing.flatMap(({ name }) => browsers[name])
  if (process.getuid?.() !== 0 || !(await output('apt-get', '--version'))) {
    console.log(`Browsers that are not there: ${packages.join(', ')}. Install them as the administrator, if you like.`)
    return
  }
  console.log(`Installing the browsers that the system has: ${packages.join(', ')}`)
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2']
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const done =
    (await show('apt-get', [...options, 'update'], env)) &&
    (await show('apt-get', [...options, 'install', '-y', '--no-install-recommends', ...packages], env))
  if (!done) console.log('  not possible here')
}
