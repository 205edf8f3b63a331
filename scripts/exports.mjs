// Writes `exports` and `publishConfig.exports` of every package from its source files, so that a new public function
// needs no second edit. With --check it changes nothing and fails when a package.json is out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { packageNames, packageUrl, withExports } from './internal/workspace.mjs'

const check = process.argv.includes('--check')
const stale = []
for (const name of packageNames()) {
  const path = new URL('package.json', packageUrl(name))
  const text = `${JSON.stringify(withExports(name), null, 2)}\n`
  if (text === readFileSync(path, 'utf8')) continue
  stale.push(`packages/${name}/package.json`)
  if (!check) writeFileSync(path, text)
}

if (stale.length === 0) {
  console.log('Every package exports what its src holds.')
} else if (check) {
  console.error(`Out of date, run "node scripts/exports.mjs":\n  ${stale.join('\n  ')}`)
  process.exitCode = 1
} else {
  console.log(`Wrote:\n  ${stale.join('\n  ')}`)
}
