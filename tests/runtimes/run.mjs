// The runtime matrix: one suite of real flows against the emulator, unchanged, on every runtime.
//
//   npm run test:runtimes                     builds, installs what can be installed, runs all, writes docs/runtimes.md
//   npm run test:runtimes -- deno bundlers    these only; the document stays as it is
//   node tests/runtimes/run.mjs --present     what is there already, from the build that is there
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleApplication, bundleSuite } from './internal/bundleSuite.mjs'
import { findRuntimes } from './internal/findRuntimes.mjs'
import { install } from './internal/install.mjs'
import { pages } from './internal/pages.mjs'
import { runInBrowser } from './internal/runInBrowser.mjs'
import { runInEdge } from './internal/runInEdge.mjs'
import { runInProcess } from './internal/runInProcess.mjs'
import { runInWorker } from './internal/runInWorker.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const runners = { process: runInProcess, worker: runInWorker, edge: runInEdge, browser: runInBrowser }

const args = process.argv.slice(2)
const present = args.includes('--present')
const names = args.filter((arg) => !arg.startsWith('--'))
const chosen = (name) => names.length === 0 || names.some((one) => name.toLowerCase().startsWith(one.toLowerCase()))

if (!present) {
  const { status } = spawnSync(process.execPath, [`${root}scripts/build.mjs`], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
  await install()
}

const started = Date.now()
const seconds = (from) => (Date.now() - from) / 1000
const folder = mkdtempSync(join(tmpdir(), 'genauth-oidc-runtimes-'))
const { module, script } = await bundleSuite()
// It imports what was built a moment ago.
const { startWorld } = await import('./internal/startWorld.mjs')
const world = await startWorld(pages(module, await bundleApplication()))

const runtimes = []
const bundles = []
const record = (results, name, version, { outcomes, skipped }, from) => {
  const failures = outcomes.filter(({ error }) => error !== undefined)
  const passed = outcomes.length - failures.length
  results.push({ name, version, passed, failures, skipped, seconds: seconds(from) })
  if (skipped) return console.log(`  - ${name}: skipped, ${skipped}`)
  const label = `${name} ${version ?? ''}`.trim()
  const numbers = `${passed} passed${failures.length ? `, ${failures.length} FAILED` : ''}`
  console.log(`  ${failures.length ? '✗' : '✓'} ${label}: ${numbers}, ${seconds(from).toFixed(1)} s`)
  for (const { name: sentence, error } of failures)
    console.log(`      ✗ ${sentence}\n        ${error.replace(/\s+/g, ' ').slice(0, 600)}`)
}

try {
  console.log('One suite, one runtime after the other:')
  for (const runtime of (await findRuntimes()).filter(({ name }) => chosen(name))) {
    const from = Date.now()
    const { name, kind, missing } = runtime
    if (missing) {
      record(runtimes, name, undefined, { outcomes: [], skipped: missing }, from)
      continue
    }
    const session = crypto.randomUUID()
    const { outcomes, version = runtime.version } = await runners[kind](runtime, {
      folder,
      module,
      script,
      session,
      world,
    }).catch((error) => ({ outcomes: [{ name: 'the suite runs', error: String(error), took: 0 }] }))
    record(runtimes, name, version, { outcomes }, from)
  }
  if (!present && chosen('bundlers')) {
    const from = Date.now()
    console.log('The suite out of the tarballs, by each bundler, run by Node:')
    try {
      const { runInBundles } = await import('./internal/runInBundles.mjs')
      for await (const { name, version, from, ...rest } of runInBundles(world))
        record(bundles, name, version, rest, from)
    } catch (error) {
      record(bundles, 'tarballs', undefined, { outcomes: [{ name: 'they install', error: String(error) }] }, from)
    }
  }
} finally {
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
}

if (!present && names.length === 0)
  await (await import('./internal/writeDocument.mjs')).writeDocument(runtimes, bundles)

const sum = (count) => [...runtimes, ...bundles].reduce((total, result) => total + count(result), 0)
const passed = sum((result) => result.passed)
const failed = sum(({ failures }) => failures.length)
const skipped = sum((result) => (result.skipped ? 1 : 0))
if (process.env.REPORT_FILE) writeFileSync(process.env.REPORT_FILE, JSON.stringify({ passed, failed, skipped }))
console.log(`${passed} passed, ${failed} failed, ${skipped} runtimes skipped, in ${seconds(started).toFixed(0)} s`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
