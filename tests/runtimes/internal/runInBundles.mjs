// The suite as an application that installed the packages from their tarballs: bundled for browsers by every common
// bundler, each with as few settings as it takes, and run by Node.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import nodeResolve from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import * as rollup from 'rollup'
import * as vite from 'vite'
import { installOurs } from '../../../bench/internal/packed.mjs'
import { runInProcess } from './runInProcess.mjs'

const suite = fileURLToPath(new URL('../suite/', import.meta.url))
const require = createRequire(import.meta.url)

const entry = 'suite/run.js'

/** Packs with webpack, or with rspack, which takes the same settings. */
const pack = (compile) => async (folder, out) => {
  const stats = await new Promise((resolve, reject) => {
    const settings = {
      context: folder,
      mode: 'production',
      target: ['web', 'es2022'],
      entry: `./${entry}`,
      experiments: { outputModule: true },
      output: { path: out, filename: 'suite.mjs', library: { type: 'module' }, module: true },
      performance: { hints: false },
    }
    compile(settings, (error, done) => (error ? reject(error) : resolve(done)))
  })
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true })
  return [...errors, ...warnings].map(({ message }) => message)
}

// These two are installed beside the runtimes; without them they are skipped.
const versionOf = (name) => {
  try {
    return JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')).version
  } catch {
    return undefined
  }
}

// Each bundles into `out` as suite.mjs and gives what it complained about.
const bundlers = {
  Vite: {
    version: vite.version,
    async bundle(folder, out) {
      const said = []
      const customLogger = {
        ...vite.createLogger('warn'),
        warn: (text) => said.push(text),
        warnOnce: (text) => said.push(text),
        info: () => undefined,
      }
      await vite.build({
        root: folder,
        configFile: false,
        logLevel: 'warn',
        customLogger,
        build: {
          outDir: out,
          target: 'es2022',
          minify: true,
          lib: { entry: join(folder, entry), formats: ['es'], fileName: () => 'suite.mjs' },
        },
      })
      return said
    },
  },
  esbuild: {
    version: esbuild.version,
    async bundle(folder, out) {
      const { warnings } = await esbuild.build({
        absWorkingDir: folder,
        entryPoints: [entry],
        outfile: join(out, 'suite.mjs'),
        bundle: true,
        minify: true,
        format: 'esm',
        target: 'es2022',
        logLevel: 'silent',
      })
      return warnings.map(({ text }) => text)
    },
  },
  webpack: {
    version: versionOf('webpack'),
    bundle: (folder, out) => pack(require('webpack'))(folder, out),
  },
  Rspack: {
    version: versionOf('@rspack/core'),
    bundle: async (folder, out) => pack((await import('@rspack/core')).rspack)(folder, out),
  },
  Rollup: {
    version: rollup.VERSION,
    async bundle(folder, out) {
      const said = []
      const made = await rollup.rollup({
        input: join(folder, entry),
        plugins: [nodeResolve({ browser: true })],
        onwarn: ({ message }) => said.push(message),
      })
      await made.write({ file: join(out, 'suite.mjs'), format: 'es' })
      await made.close()
      return said
    },
  },
}

/** Gives the outcomes of each bundler in turn, and of Node without one. */
export async function* runInBundles(world) {
  const { folder, remove } = await installOurs()
  try {
    // TypeScript is no matter of the bundlers here.
    for (const file of readdirSync(suite)) {
      const { code } = await esbuild.transform(readFileSync(join(suite, file), 'utf8'), {
        loader: 'ts',
        target: 'es2022',
      })
      mkdirSync(join(folder, dirname(entry)), { recursive: true })
      writeFileSync(join(folder, dirname(entry), file.replace(/\.ts$/, '.js')), code)
    }
    const run = (module) =>
      runInProcess({ program: process.execPath }, { folder, module, session: crypto.randomUUID(), world })

    const plain = { name: 'no bundler', version: undefined, from: Date.now() }
    yield { ...plain, ...(await run(`import { run } from './${entry}'`)) }

    for (const [name, { version, bundle }] of Object.entries(bundlers)) {
      const from = Date.now()
      if (version === undefined) {
        yield { name, from, outcomes: [], skipped: 'not installed' }
        continue
      }
      const out = join(folder, 'bundles', name)
      mkdirSync(out, { recursive: true })
      const sentence = 'it bundles without a complaint'
      try {
        const complaints = await bundle(folder, out)
        const bundled = {
          name: sentence,
          took: Date.now() - from,
          ...(complaints.length && { error: complaints.join('\n') }),
        }
        const { outcomes } = await run(`import { run } from './bundles/${name}/suite.mjs'`)
        yield { name, version, from, outcomes: [bundled, ...outcomes] }
      } catch (error) {
        yield { name, version, from, outcomes: [{ name: sentence, error: String(error), took: 0 }] }
      }
    }
  } finally {
    remove()
  }
}
