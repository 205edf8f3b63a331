// Gets a Redis server for the tests of what several processes share, where this machine has none: Debian's package,
// unpacked into a folder of this checkout. It is not installed, since that would start a server of its own on the
// usual port. Nothing here fails a run: without Redis those tests are skipped by name.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findRedis, unpacked } from './find.mjs'

const run = (command, args, cwd) => {
  const { status, stdout } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0 ? stdout : undefined
}
const options = ['-qq', '-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=10', '-o', 'APT::Sandbox::User=root']

/** The package, and what it needs that is not here yet. */
const missing = () =>
  [
    ...(run('apt-get', ['--simulate', '--no-install-recommends', 'install', 'redis-server']) ?? '').matchAll(
      /^Inst (\S+)/gm,
    ),
  ].map(([, name]) => name)

function unpack() {
  if (!run('apt-get', ['--version']) || !run('dpkg-deb', ['--version'])) return
  let packages = missing()
  if (packages.length === 0 && process.getuid?.() === 0 && run('apt-get', [...options, 'update']) !== undefined)
    packages = missing()
  if (packages.length === 0) return
  console.log(`Unpacking ${packages.join(', ')}`)
  // Another run may be at it, too: what is half done is nobody's.
  const folder = `${unpacked}-${process.pid}`
  try {
    mkdirSync(folder, { recursive: true })
    if (run('apt-get', [...options, 'download', ...packages], folder) === undefined) return
    for (const file of readdirSync(folder))
      if (run('dpkg-deb', ['--extract', join(folder, file), join(folder, 'root')]) === undefined) return
    rmSync(unpacked, { recursive: true, force: true })
    renameSync(join(folder, 'root'), unpacked)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (!findRedis()) unpack()
const found = findRedis()
console.log(found ? `Redis ${found.version}: ${found.program}` : 'No Redis here: its tests are skipped')
if (process.env.REPORT_FILE)
  writeFileSync(process.env.REPORT_FILE, JSON.stringify({ passed: found ? 1 : 0, failed: 0, skipped: found ? 0 : 1 }))
