// What `npm test` does: sets up, runs every step, and ends with the one line that counts. Written for a machine that
// has Node and npm only, so nothing but Node's own modules is imported here.
//
//   npm test                      everything, from an empty checkout on
//   npm test -- lint unit         these steps only
//   npm run check                 everything but the installation
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isGood, plainTotals, vitestFailures, vitestTotals } from './internal/totals.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const reports = `${root}.cache/reports`

const bin = (name, ...args) => [`${root}node_modules/.bin/${name}`, ...args]
const script = (name, ...args) => [process.execPath, `${root}scripts/${name}`, ...args]
const pnpm = (...args) => ['npm', 'exec', '--yes', '--package=pnpm@10.34.8', '--', 'pnpm', ...args]
const vitest = (name) => ({
  name,
  run: bin('vitest', 'run', '--config', 'vitest.workspace.ts', '--project', name),
  counts: vitestTotals,
})

/**
 * The steps in their order. A step is one command and counts as one test, unless `counts` reads its numbers from the
 * JSON report that it writes: vitest's own, or `{ passed, failed, skipped }` at the path in the variable REPORT_FILE.
 * `needs` names the steps without whose success it can't say anything.
 */
const steps = [
  { name: 'install', run: pnpm('install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only') },
  { name: 'exports', run: script('exports.mjs', '--check') },
  { name: 'format', run: bin('prettier', '--check', '.') },
  { name: 'lint', run: bin('eslint', '.', '--max-warnings=0') },
  // First what is shipped, with no types but the language's and the DOM's, then everything.
  { name: 'portable', run: bin('tsc', '-p', 'tsconfig.packages.json') },
  { name: 'typescript', run: bin('tsc', '-p', 'tsconfig.json') },
  { name: 'size', run: [process.execPath, `${root}bench/size/gate.mjs`], counts: plainTotals },
  vitest('types'),
  vitest('unit'),
  vitest('architecture'),
  vitest('conformance'),
  { name: 'redis', run: [process.execPath, `${root}tests/interop/redis/unpack.mjs`], counts: plainTotals },
  vitest('interop'),
  { name: 'build', run: script('build.mjs') },
  { ...vitest('dist'), needs: ['build'] },
  {
    name: 'runtimes',
    run: [process.execPath, `${root}tests/runtimes/run.mjs`, '--present'],
    counts: plainTotals,
    needs: ['build'],
  },
]

const run = ({ name, run: [command, ...args], counts }) =>
  new Promise((resolve) => {
    const report = `${reports}/${name}.json`
    rmSync(report, { force: true })
    const reporting =
      counts === vitestTotals ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []
    const env = { ...process.env, REPORT_FILE: report }
    // npm hands a silent level on to pnpm, and then a failure would say nothing.
    for (const key of Object.keys(env)) if (/^npm_config_(loglevel|silent)$/i.test(key)) delete env[key]
    const child = spawn(command, [...args, ...reporting], { cwd: root, env, stdio: 'inherit', timeout: 20 * 60_000 })
    const done = (code, why) => {
      if (why) console.error(why)
      const one = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
      if (!counts) return resolve(one)
      try {
        const written = JSON.parse(readFileSync(report, 'utf8'))
        const totals = counts(written)
        const failures = counts === vitestTotals ? vitestFailures(written) : []
        // A run may fail outside of its tests: an unhandled rejection, a file that does not load.
        if (code !== 0 && totals.failed === 0) {
          totals.failed = 1
          failures.push('no test of it, but the run itself: see above')
        }
        resolve({ ...totals, failures })
      } catch {
        console.error(`${name} left no readable report.`)
        resolve({ ...one, passed: 0, failed: 1 })
      }
    }
    child.on('error', (error) => done(1, `${command} did not start: ${error.message}`))
    child.on('close', (code, signal) => done(code, signal && `${name} was ended by ${signal}.`))
  })

const args = process.argv.slice(2)
const names = args.filter((arg) => !arg.startsWith('--'))
const unknown = names.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. There are: ${steps.map((step) => step.name).join(', ')}`)
  process.exit(2)
}
const chosen = steps.filter(
  ({ name }) => (names.length === 0 || names.includes(name)) && !(name === 'install' && args.includes('--installed')),
)

mkdirSync(reports, { recursive: true })
const results = []
for (const [index, step] of chosen.entries()) {
  const broken = results.find(({ name, failed }) => failed > 0 && (name === 'install' || step.needs?.includes(name)))
  console.log(`\n━━ ${step.name} (${index + 1} of ${chosen.length})`)
  const started = Date.now()
  if (broken) console.error(`Not run, and counted as failed: it needs ${broken.name}, which failed.`)
  const totals = broken ? { passed: 0, failed: 1, skipped: 0 } : await run(step)
  results.push({ name: step.name, ...totals, seconds: (Date.now() - started) / 1000 })
}

// A log of thousands of lines may be seen from its end only: what failed is said there once more.
const failures = results.flatMap(({ name, failures = [] }) => failures.map((failure) => `✗ ${name}: ${failure}`))
if (failures.length > 0) console.log(`\n━━ failed\n${failures.slice(0, 50).join('\n').replaceAll(root, '')}`)

const sum = (key) => results.reduce((total, result) => total + result[key], 0)
console.log('\n━━ summary')
for (const { name, passed, failed, skipped, seconds } of results) {
  const numbers = [`${passed} passed`, failed > 0 && `${failed} FAILED`, skipped > 0 && `${skipped} skipped`]
  console.log(
    `${failed > 0 ? '✗' : '✓'} ${name.padEnd(14)}${`${seconds.toFixed(1)} s`.padStart(8)}  ${numbers.filter(Boolean).join(', ')}`,
  )
}
const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = isGood({ passed, failed, skipped }) ? 0 : 1
