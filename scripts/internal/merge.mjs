// What the build makes of a package's modules: all that need no library of others go into one file, `dist/shared.js`,
// because a runtime without a bundler pays for each file it loads. The rest imports from there.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import { packageUrl, publicModules, sourceFiles } from './workspace.mjs'

// Packages ask for their siblings' plans again and again, and sources do not change during a build.
const plans = new Map()

/**
 * Which modules of a package are merged: all but those that reach a library of others, so that nobody loads it who does
 * not use it, and the index. Read from the sources, so packages can be built in any order.
 *
 * @returns `merged`, names of source files relative to src/, without their ending; `exported`: the values that each file
 *   exports
 */
export function planMerge(name) {
  if (!plans.has(name)) plans.set(name, makePlan(name))
  return plans.get(name)
}

const makePlan = async (name) => {
  const files = sourceFiles(name)
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('src', packageUrl(name))),
    entryPoints: files,
    bundle: true,
    packages: 'external',
    format: 'esm',
    outdir: 'dist',
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const reachesLibrary = async (file) => {
    for (const { path, external } of metafile.inputs[file].imports)
      if (external ? !(await mergedSibling(path)) : await reachesLibrary(path)) return true
    return false
  }
  const moduleOf = (file) => file.slice(0, -'.ts'.length)
  const merged = []
  for (const file of files) if (file != 'index.ts' && !(await reachesLibrary(file))) merged.push(moduleOf(file))
  const exported = Object.values(metafile.outputs).map(({ entryPoint, exports }) => [moduleOf(entryPoint), exports])
  return { merged, exported: Object.fromEntries(exported) }
}

/** The merged file of the sibling package in which the module that a specifier names is found, if it is in one. */
const mergedSibling = async (specifier) => {
  const [, name, module = 'index'] = /^@genauth-oidc\/([^/]+)(?:\/(.*))?$/.exec(specifier) ?? []
  if (name !== undefined && (await planMerge(name)).merged.includes(module)) return `@genauth-oidc/${name}/shared`
  return undefined
}

/** Replaces the modules in a package's dist/, one for each source file, by the merged ones. Declarations stay. */
export async function mergePackage(name) {
  const { merged, exported } = await planMerge(name)
  const dist = new URL('dist/', packageUrl(name))
  const path = (module) => fileURLToPath(new URL(`${module}.js`, dist))
  const open = publicModules(name)
  const shared = open
    .filter((module) => merged.includes(module) && exported[module].length > 0)
    .map((module) => `export { ${exported[module].join(', ')} } from './${module}.js';\n`)
    .join('')
  const inShared = new Set(['shared', ...merged].map(path))
  const bundle = await rollup({
    input: Object.fromEntries(
      ['shared', ...open.filter((one) => !merged.includes(one))].map((one) => [one, path(one)]),
    ),
    // All that the sources say is kept as they say it: what an application does not use, its own bundler drops.
    treeshake: false,
    // What stands alone takes internal functions from the merged file too.
    preserveEntrySignatures: 'allow-extension',
    plugins: [
      {
        name: 'merge',
        resolveId: async (id) => {
          if (/^[./]/.test(id)) return id == path('shared') ? id : null
          return { id: (await mergedSibling(id)) ?? id, external: true }
        },
        load: (id) => (id == path('shared') ? shared : null),
      },
    ],
    onwarn: ({ message }) => {
      throw new Error(message)
    },
  })
  const { output } = await bundle.generate({
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'internal/[name].js',
    manualChunks: (id) => (inShared.has(id) ? 'shared' : undefined),
    minifyInternalExports: false,
    hoistTransitiveImports: false,
  })
  await bundle.close()

  for (const file of readdirSync(dist, { recursive: true }))
    if (file.endsWith('.js')) rmSync(new URL(file.replaceAll('\\', '/'), dist))
  const write = (file, code) => {
    mkdirSync(new URL('.', new URL(file, dist)), { recursive: true })
    writeFileSync(new URL(file, dist), code)
  }
  const note = '// What the packages take from each other. Applications import each function by its own subpath.\n'
  for (const { fileName, code } of output) write(fileName, fileName == 'shared.js' ? note + code : code)
  for (const module of open.filter((one) => merged.includes(one)))
    write(
      `${module}.js`,
      exported[module].length > 0 ? `export { ${exported[module].join(', ')} } from './shared.js';\n` : 'export {};\n',
    )
  write('shared.d.ts', note + shared)
}
