// Runs the modules of the bad provider through these packages and their peers, and writes docs/conformance.md. With
// --check it writes nothing and fails when the page is out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = `${root}tests/conformance/bad-provider`
// Packages load from source, without a build.
const conditions = ['genauth-source', 'import', 'module', 'default']

const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  ssr: { resolve: { conditions, externalConditions: conditions } },
})
const { text, failures, reportUrl } = await server
  .ssrLoadModule(`${folder}/report.ts`)
  .then(({ report }) => report())
  .finally(() => server.close())
if (failures.length > 0) {
  console.error(`Not written, ${failures.length} found:\n  ${failures.join('\n  ')}`)
  process.exitCode = 1
} else if (existing() === text) {
  console.log('docs/conformance.md is up to date.')
} else if (process.argv.includes('--check')) {
  console.error('Out of date, run "npm run conformance": docs/conformance.md')
  process.exitCode = 1
} else {
  writeFileSync(reportUrl, text)
  console.log('Wrote docs/conformance.md')
}

function existing() {
  try {
    return readFileSync(reportUrl, 'utf8')
  } catch {
    return undefined
  }
}
