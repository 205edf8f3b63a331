// What `npm start` does: installs, builds the demo, and runs it. Written for a machine that has Node and npm only, so
// nothing but Node's own modules is imported before the installation.
//
//   npm start                     from an empty checkout on
//   npm start -- --installed      without looking at the installation
//   npm start -- emulator ...     the emulator alone, which keeps running; what follows goes to its command
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = new URL('../', import.meta.url)
const args = process.argv.slice(2).filter((arg) => arg !== '--installed')
const emulator = args[0] === 'emulator'
if (args.length > 0 && !emulator) {
  console.error(
    `"${args[0]}" is no word of npm start. Without a word it shows every function; "emulator" runs a GenAuth that stays.`,
  )
  process.exit(2)
}
const entry = emulator ? 'packages/emulator/src/internal/cli.ts' : 'demo/main.ts'
const bundle = fileURLToPath(new URL(`.cache/start/${emulator ? 'emulator' : 'demo'}.mjs`, root))

const seconds = (started) => `${((Date.now() - started) / 1000).toFixed(1)} s`

/** pnpm leaves a copy of the lock file behind when it is done. */
const isInstalled = () => {
  const [wanted, installed] = ['pnpm-lock.yaml', 'node_modules/.pnpm/lock.yaml'].map((path) => new URL(path, root))
  return existsSync(installed) && readFileSync(wanted, 'utf8') === readFileSync(installed, 'utf8')
}

const install = () =>
  new Promise((resolve) => {
    const env = { ...process.env }
    // npm hands a silent level on to pnpm, and then a failure would say nothing.
    for (const key of Object.keys(env)) if (/^npm_config_(loglevel|silent)$/i.test(key)) delete env[key]
    const child = spawn('npm', ['run', 'setup'], {
      cwd: root,
      env,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    child.on('error', ({ message }) => {
      console.error(`npm did not start: ${message}`)
      resolve(false)
    })
    child.on('close', (code) => resolve(code === 0))
  })

/** One file of the demo, or of the emulator's command, and the sources of all packages; libraries stay where they are installed. */
const build = async () => {
  const esbuild = createRequire(import.meta.url)('esbuild')
  const { metafile } = await esbuild.build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['genauth-source'],
    sourcemap: 'inline',
    metafile: true,
    // Its own report of an error has the file, the line and a pointer.
    logLevel: 'warning',
    plugins: [
      {
        name: 'libraries',
        setup: ({ onResolve, resolve }) =>
          onResolve({ filter: /^[^.]/ }, async ({ path, kind, resolveDir, pluginData }) => {
            if (pluginData === 'asked' || kind === 'entry-point' || /^(@genauth-oidc\/|node:)/.test(path)) return
            const found = await resolve(path, { kind, resolveDir, pluginData: 'asked' })
            if (found.errors.length > 0 || found.external) return found
            return { path: pathToFileURL(found.path).href, external: true }
          }),
      },
    ],
  })
  return Object.keys(metafile.inputs).length
}

const run = async () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node 20.19 or newer is needed, and this is ${process.versions.node}.`)
    return 1
  }
  const started = Date.now()
  if (process.argv.includes('--installed') || isInstalled()) console.log('Installed already.')
  else {
    console.log('Installing what the lock file names, which may take a minute the first time.')
    if (!(await install())) {
      console.error('The installation failed: see above.')
      return 1
    }
    console.log(`Installed in ${seconds(started)}.`)
  }
  const building = Date.now()
  try {
    console.log(`Built ${await build()} source files in ${seconds(building)}.\n`)
  } catch (error) {
    if (!error.errors) console.error(error)
    console.error('The build failed: see above.')
    return 1
  }
  process.setSourceMapsEnabled(true)
  process.argv.splice(2, Infinity, ...args.slice(1))
  const { main } = await import(pathToFileURL(bundle).href)
  // The emulator's command has run by now, and gives its own exit code.
  return main?.() ?? process.exitCode
}

process.exitCode = await run()
