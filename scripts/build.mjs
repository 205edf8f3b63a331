// Builds the packages named on the command line, or all of them, two at a time in the order of their dependencies.
// Each build is a process of its own: what it says is shown whole when it fails, and its warnings count as failures.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildOrder, packageUrl, root, sourceFiles } from './internal/workspace.mjs'

const unbuild = fileURLToPath(new URL('node_modules/unbuild/dist/cli.mjs', root))

// The transformer behind unbuild reads from a pipe and can't name the file whose syntax is wrong.
const syntaxErrors = async (name) => {
  const { default: ts } = await import('typescript')
  return sourceFiles(name).flatMap((file) => {
    const fileName = `packages/${name}/src/${file}`
    const code = readFileSync(new URL(fileName, root), 'utf8')
    const { diagnostics = [] } = ts.transpileModule(code, { fileName, reportDiagnostics: true })
    return diagnostics.map((one) => {
      const { line, character } = ts.getLineAndCharacterOfPosition(one.file, one.start)
      return `${fileName}(${line + 1},${character + 1}): ${ts.flattenDiagnosticMessageText(one.messageText, '\n')}`
    })
  })
}

// The list of written files, and the word of success before the warnings, would only hide what went wrong.
const trouble = (said) => said.replace(/^ +└─ .*\n|^.*Build succeeded.*\n/gm, '')

const buildPackage = (name) =>
  new Promise((resolve) => {
    const started = Date.now()
    const child = spawn(process.execPath, [unbuild], { cwd: packageUrl(name), stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', (data) => (said += data))
    child.stderr.on('data', (data) => (said += data))
    child.on('close', async (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1)
      if (code === 0) console.log(`  built ${name} in ${seconds} s`)
      else console.log([`  FAILED ${name} after ${seconds} s`, trouble(said), ...(await syntaxErrors(name))].join('\n'))
      resolve(code === 0)
    })
  })

const asked = process.argv.slice(2)
const queue = buildOrder().filter((name) => asked.length === 0 || asked.includes(name))
const unknown = asked.filter((name) => !queue.includes(name))
if (unknown.length > 0) {
  console.error(`No such package: ${unknown.join(', ')}. There are: ${buildOrder().join(', ')}`)
  process.exit(2)
}

console.log(`Building ${queue.length} packages`)
let failed = 0
const worker = async () => {
  for (let name; (name = queue.shift());) if (!(await buildPackage(name))) failed++
}
await Promise.all([worker(), worker()])
if (failed > 0) {
  console.error(`${failed} of the builds failed.`)
  process.exitCode = 1
}
