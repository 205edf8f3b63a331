// Which runtimes this machine has: those of this folder's own installation, the system's browsers, the Node at work.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { output } from './runProgram.mjs'

const here = fileURLToPath(new URL('../', import.meta.url))

/** The real folder of a package, as what lies in `from` would find it. */
const packageFolder = (name, from = here) => {
  const roots = createRequire(join(from, 'package.json')).resolve.paths(name) ?? []
  const found = roots.map((root) => join(root, name)).find((folder) => existsSync(join(folder, 'package.json')))
  return found && realpathSync(found)
}
const onPath = (...names) =>
  names
    .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
    .find((path) => existsSync(path))

const platform = `${process.platform}-${process.arch}`

/** The program of a package as it lies in the package for this platform: an install script would only copy it. */
const fromPlatformPackage = (name, packages, file) => {
  const own = packageFolder(name)
  const other = own && packages[platform] && packageFolder(packages[platform], own)
  return other && join(other, file)
}

const node = (major) => {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const folder = packageFolder(`node-${major}`)
  return folder && join(folder, 'bin/node')
}

// The Node at work is always one of them.
const majors = () => [...new Set([20, 22, 24, Number(process.versions.node.split('.')[0])])]

const candidates = () => [
  ...majors().map((major) => ({ name: `Node.js ${major}`, kind: 'process', program: node(major) })),
  {
    name: 'Bun',
    kind: 'process',
    program:
      fromPlatformPackage(
        'bun',
        {
          'linux-x64': '@oven/bun-linux-x64',
          'linux-arm64': '@oven/bun-linux-aarch64',
          'darwin-arm64': '@oven/bun-darwin-aarch64',
        },
        'bin/bun',
      ) ?? onPath('bun'),
  },
  {
    name: 'Deno',
    kind: 'process',
    program:
      fromPlatformPackage(
        'deno',
        {
          'linux-x64': '@deno/linux-x64-glibc',
          'linux-arm64': '@deno/linux-arm64-glibc',
          'darwin-arm64': '@deno/darwin-arm64',
        },
        'deno',
      ) ?? onPath('deno'),
    flags: ['run', '--no-remote', '--no-prompt', '--allow-net=127.0.0.1'],
  },
  {
    name: 'workerd',
    kind: 'worker',
    program: fromPlatformPackage(
      'workerd',
      {
        'linux-x64': '@cloudflare/workerd-linux-64',
        'linux-arm64': '@cloudflare/workerd-linux-arm64',
        'darwin-arm64': '@cloudflare/workerd-darwin-arm64',
      },
      'bin/workerd',
    ),
  },
  { name: 'Edge Runtime VM', kind: 'edge', library: packageFolder('@edge-runtime/vm') },
  { name: 'Chromium', kind: 'browser', program: onPath('chromium', 'chromium-browser', 'google-chrome') },
  { name: 'Firefox', kind: 'browser', program: onPath('firefox-esr', 'firefox') },
  { name: 'WebKit', kind: 'browser', program: onPath('WebKitWebDriver') },
]

/**
 * Looks for every runtime of the matrix.
 *
 * @returns each with its name and kind; one that is not there says why in `missing`
 */
export async function findRuntimes() {
  const driver = packageFolder('puppeteer-core')
  const found = []
  for (const runtime of candidates()) {
    const { name, kind, program, library } = runtime
    if (kind === 'edge') {
      const version = library && JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')).version
      found.push({ ...runtime, version, ...(!library && { missing: 'not installed' }) })
    } else if (!program) found.push({ ...runtime, missing: 'not installed' })
    else if (name === 'WebKit') {
      // It tells its version only when it runs, and needs a display.
      const missing = process.platform === 'linux' && !process.env.DISPLAY && !onPath('xvfb-run')
      found.push({ ...runtime, ...(missing && { missing: 'no display, and no xvfb-run' }) })
    } else if (kind === 'browser' && !driver) found.push({ ...runtime, missing: 'its driver is not installed' })
    else {
      const said = await output(program, '--version')
      // The line of a program on which the machine can't run says nothing of a version.
      const version = /\d+(\.\d+)+|\d{4}-\d\d-\d\d/.exec(said ?? '')?.[0]
      found.push({ ...runtime, driver, version, ...(!version && { missing: 'it does not start' }) })
    }
  }
  return found
}
