// The speed bench: runs its parts one after the other, each in a process of its own, and writes docs/speed.md.
//
//   npm run bench:speed                 everything, about five minutes
//   npm run bench:speed -- cpu cold     these parts only, printed and not written: cpu, cold, growth, load
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { machine, today, versions } from '../internal/machine.mjs'
import { installOurs, installPeers } from '../internal/packed.mjs'
import { chart, number, table, writeChart, writeReport } from '../internal/report.mjs'

const parts = ['cpu', 'cold', 'growth', 'load']
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !parts.includes(name))
if (unknown.length) throw new Error(`No such part: ${unknown.join(', ')}. There are: ${parts.join(', ')}`)
const chosen = asked.length ? asked : parts

/** The core that timed processes are pinned to, where that can be done. */
const core =
  cpus().length > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0 ? String(cpus().length - 1) : ''

/** Runs one part to its end, and reads what it found. */
async function measure(file, args, { pin = core, flags = [] } = {}) {
  const out = join(scratch, `${file}.json`)
  const node = [...flags, fileURLToPath(new URL(file, import.meta.url)), ...args(out)]
  const [command, rest] = pin ? ['taskset', ['-c', pin, process.execPath, ...node]] : [process.execPath, node]
  await new Promise((resolve, reject) => {
    const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 300_000 })
    child.on('error', reject)
    child.on('close', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${file} ended with ${signal ?? code}.`)),
    )
  })
  return JSON.parse(readFileSync(out, 'utf8'))
}

const goals = {
  'authorize URL': 1.6,
  'code exchange, without at_hash': 2.5,
  'code exchange, with at_hash': 4,
  'verifyIdToken HS256': 2,
  'verifyIdToken RS256': 1.5,
  'verifyIdToken ES256': 1.3,
}
const most = { milliseconds: 3, rss: 0.5 }

/** Every goal with what was measured, and whether it is reached. */
function judge({ cpu, cold }) {
  const lines = []
  const add = (name, value, goal, unit, quiet) =>
    lines.push({
      name,
      value: `${value.toFixed(2)} ${unit}${quiet ? ` (quiet ${quiet.toFixed(2)})` : ''}`,
      goal: `at most ${goal} ${unit}`,
      over: value - goal,
    })
  for (const [group, goal] of Object.entries(goals))
    if (cpu) add(group, cpu[group].ours.ratio, goal, 'x floor', cpu[group].ours.quiet)
  if (cpu)
    for (const [group, subjects] of Object.entries(cpu).filter(([name]) => name.startsWith('verify'))) {
      const jose = Math.min(
        ...Object.entries(subjects)
          .filter(([name]) => name.startsWith('jose'))
          .map(([, { ratio }]) => ratio),
      )
      add(`${group}, against jose's best`, subjects.ours.ratio, Number(jose.toFixed(2)), 'x floor')
    }
  if (cold) {
    add('importing login, time', cold.login.milliseconds, most.milliseconds, 'ms')
    add('importing login, memory', cold.login.rss, most.rss, 'MiB')
    add('the same, bundled, time', cold['login, bundled by the application'].milliseconds, most.milliseconds, 'ms')
    add('the same, bundled, memory', cold['login, bundled by the application'].rss, most.rss, 'MiB')
    lines.push({
      name: 'importing login loads no undici',
      value: cold.login.undici ? 'it does' : 'it does not',
      goal: 'it does not',
      over: cold.login.undici ? 1 : 0,
    })
  }
  return lines
}

console.log('Building, packing and installing our packages, and installing the peers')
const scratch = mkdtempSync(join(tmpdir(), 'genauth-oidc-speed-'))
const peersFolder = await installPeers()
const { folder, remove } = await installOurs()
try {
  const found = {}
  const load = loadavg()[0].toFixed(1)
  if (chosen.includes('cpu')) {
    console.log('CPU: ratio to the floor (middle half of the rounds)')
    found.cpu = await measure('cpu.mjs', (out) => [folder, out])
  }
  if (chosen.includes('cold')) {
    console.log('Cold start: more than an empty module')
    found.cold = await measure('cold.mjs', (out) => [folder, peersFolder, out, core], { pin: '' })
  }
  if (chosen.includes('growth')) {
    console.log('Growth')
    found.growth = await measure('growth.mjs', (out) => [folder, out], { flags: ['--expose-gc'] })
  }
  if (chosen.includes('load')) {
    console.log('Load: refresh, introspection and user info as one flow, against the emulator')
    // Not pinned: the emulator needs a core of its own.
    found.load = await measure('load.mjs', (out) => [folder, out], { pin: '' })
  }

  const verdicts = judge(found)
  console.log('Goals')
  for (const { name, value, goal, over } of verdicts)
    console.log(`  ${name.padEnd(44)} ${value.padStart(28)}  ${goal.padEnd(22)} ${over > 0 ? 'MISSED' : 'reached'}`)
  if (chosen.length == parts.length) await report(found, verdicts, load)
} finally {
  remove()
  rmSync(scratch, { recursive: true, force: true })
}

async function report({ cpu, cold, growth: { growth, heaps }, load }, verdicts, busy) {
  const { peers } = versions()
  const reached = verdicts.filter(({ over }) => over <= 0).length
  const two = (value) => value.toFixed(2)
  await writeReport(
    'speed.md',
    `# Speed

<!-- Written by "npm run bench:speed". -->

Measured on ${today()}. ${machine()}; load average ${busy} at the start. Peers: ${peers.join(', ')}. Ours are installed from their tarballs.

All subjects of a table run in one process${core ? ', pinned to one core' : ''}, in turn, in 151 rounds of batches of 1.5 ms. What counts is the median of the ratios to the floor, which runs right before each batch; the middle half of the ratios stands in brackets, and "quiet" divides the fastest tenth of the batches by the floor's. Microseconds are this machine's, on this day. On a busy machine the two differ most where a digest or a signature is handed to a thread of its own, which then waits for the core. Nothing here is a test.

## Goals

${reached} of ${verdicts.length} are reached.

${table(
  ['goal', 'measured', 'asked for', 'verdict'],
  verdicts.map(({ name, value, goal, over }) => [name, value, goal, over > 0 ? '**missed**' : 'reached']),
)}

![Ratios to the floor](speed.svg)

## Each call

${Object.entries(cpu)
  .map(
    ([group, subjects]) => `### ${group[0].toUpperCase()}${group.slice(1)}

${table(
  ['subject', 'x floor', 'middle half', 'quiet', 'microseconds'],
  Object.entries(subjects).map(([name, { ratio, low, high, quiet, microseconds }]) => [
    name == 'ours' ? '**ours**' : name,
    `**${two(ratio)}**`,
    `${two(low)} to ${two(high)}`,
    two(quiet),
    microseconds.toFixed(1),
  ]),
)}`,
  )
  .join('\n\n')}

The exchange of \`openid-client\` reads the callback too, as its interface has it; that of \`oauth4webapi\` is handed one that was validated before. Neither looks at \`at_hash\`. What is marked "no claims" looks at no claim of the ID token. jose compares issuer, audience, times and algorithm; the nonce is compared behind it.

## Cold start

One import in a fresh process, in turn, 15 rounds; what it takes more than an empty module, medians of paired differences. Node's own loader is most of it: every file and every package name that it has to find takes its time, whatever is in it.

${table(
  ['import', '+ ms', '+ MiB', '+ MiB of heap', 'files', 'loads undici', 'loads node:http'],
  Object.entries(cold).map(([name, { milliseconds, rss, heap, files, undici, http }]) => [
    name,
    two(milliseconds),
    two(rss),
    two(heap),
    files,
    undici ? 'yes' : 'no',
    http ? 'yes' : 'no',
  ]),
)}

## Load

Against the emulator in a process of its own, on loopback. A flow is a refresh, an introspection and a question for user info; plain fetch sends the same three requests and reads their JSON. In turn; medians. A flow fails when the server ends an idle connection just as it is used again: nothing is sent twice, by neither.

${table(
  [
    'flows at once',
    'throughput, x plain fetch',
    'ours: flows/s',
    'p50 ms',
    'p99 ms',
    'failed',
    'plain: flows/s',
    'p50 ms',
    'p99 ms',
    'failed',
  ],
  load.map(({ level, throughput, ours, plain }) => [
    number(level),
    `**${two(throughput)}**`,
    ...[ours, plain].flatMap(({ rate, p50, p99, failed }) => [rate.toFixed(0), p50.toFixed(1), p99.toFixed(1), failed]),
  ]),
)}

## Growth

Time for one call as the input grows. "Straightness" is how well a straight line fits: 1 is a line.

${table(
  ['what grows', 'from', 'to', 'more time for each', 'straightness'],
  Object.entries(growth).map(([name, { unit, points, slope, straightness }]) => [
    name,
    `${points[0].size}: ${points[0].microseconds.toFixed(0)} µs`,
    `${points.at(-1).size}: ${points.at(-1).microseconds.toFixed(0)} µs`,
    `${slope.toFixed(3)} µs per ${unit}`,
    straightness.toFixed(3),
  ]),
)}

${Object.entries(growth)
  .map(
    ([name, { points }]) =>
      `- ${name}: ${points.map(({ size, microseconds }) => `${size} → ${microseconds.toFixed(0)} µs`).join(', ')}`,
  )
  .join('\n')}

Heap after many verifications, garbage collected, in MiB:

${table(
  ['calls', ...heaps[0].marks.map(({ calls }) => number(calls))],
  heaps.map(({ name, marks }) => [name, ...marks.map(({ heap }) => two(heap))]),
)}
`,
  )
  writeChart(
    'speed.svg',
    chart(
      'Time as a multiple of the floor; the line is the goal',
      Object.entries(cpu).map(([group, subjects]) => ({
        name: `${group} (${Object.keys(subjects)[0]})`,
        bars: Object.entries(subjects)
          .slice(1)
          .map(([name, { ratio }]) => ({ name, value: ratio, label: `${two(ratio)} x`, ours: name == 'ours' })),
        mark: goals[group],
      })),
    ),
  )
}
