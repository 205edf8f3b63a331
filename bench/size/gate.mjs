// Holds what was reached: no row and no function may weigh more than 2 % above its best so far, in neither bundler, and
// nothing may be in a bundle that has no business there. Part of `npm test`: from the sources, without peers.
//
//   node bench/size/gate.mjs           checks
//   node bench/size/gate.mjs --lower   writes down what is lighter now, and what is new; never a higher figure
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { findBleed } from './bleed.mjs'
import { fromSource, weighAll } from './weigh.mjs'

const path = new URL('ceilings.json', import.meta.url)
const slack = 1.02
const tools = ['esbuild', 'rollup']

const ceilings = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { rows: {}, functions: {} }
const { rows, functions } = await weighAll(fromSource)
const now = { rows, functions }

let checked = 0
const problems = []
for (const kind of ['rows', 'functions']) {
  for (const [name, weights] of Object.entries(now[kind])) {
    const best = ceilings[kind][name]
    if (!best) {
      checked++
      problems.push(`${name} has no ceiling yet: run "npm run size:lower"`)
      continue
    }
    for (const tool of tools) {
      checked++
      const { brotli } = weights[tool]
      const most = Math.floor(best[tool] * slack)
      if (brotli > most)
        problems.push(`${name} weighs ${brotli} bytes with ${tool}; ${best[tool]} were reached, ${most} are allowed`)
    }
  }
  for (const name of Object.keys(ceilings[kind])) {
    checked++
    if (!now[kind][name]) problems.push(`${name} is gone, but has a ceiling: run "npm run size:lower"`)
  }
}

if (process.argv.includes('--lower')) {
  const changes = []
  const next = { rows: {}, functions: {} }
  for (const kind of ['rows', 'functions'])
    for (const [name, weights] of Object.entries(now[kind])) {
      const best = ceilings[kind][name]
      next[kind][name] = Object.fromEntries(
        tools.map((tool) => [tool, Math.min(best?.[tool] ?? Infinity, weights[tool].brotli)]),
      )
      for (const tool of tools)
        if (best?.[tool] !== next[kind][name][tool])
          changes.push(`${name}, ${tool}: ${best?.[tool] ?? 'new'} -> ${next[kind][name][tool]}`)
    }
  writeFileSync(path, `${JSON.stringify(next, null, 2)}\n`)
  console.log(changes.length ? changes.join('\n') : 'Nothing is lighter than before.')
  process.exit(0)
}

const bleed = await findBleed(fromSource, functions)
problems.push(...bleed.problems)
checked += bleed.checked

for (const [name, { most, goal }] of Object.entries(rows)) {
  const over = most - goal
  console.log(
    `  ${name.padEnd(36)} ${String(most).padStart(5)} B brotli, goal ${goal}, ${over > 0 ? `${over} over` : 'reached'}`,
  )
}
for (const problem of problems) console.error(`  FAILED ${problem}`)
console.log(
  problems.length
    ? `${problems.length} of ${checked} checks of the bundles failed. A ceiling is raised by hand only, in bench/size/ceilings.json, and with a reason.`
    : `All ${checked} checks of the bundles passed.`,
)
if (process.env.REPORT_FILE)
  writeFileSync(
    process.env.REPORT_FILE,
    JSON.stringify({ passed: checked - problems.length, failed: problems.length, skipped: 0 }),
  )
process.exitCode = problems.length ? 1 : 0
