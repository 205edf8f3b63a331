// What the scripts and the tests of the house need to know about the packages, read from the packages themselves.
import { existsSync, readFileSync, readdirSync } from 'node:fs'

export const root = new URL('../../', import.meta.url)

/** Names of the folders below packages/, sorted. */
export const packageNames = () =>
  readdirSync(new URL('packages/', root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()

/** The URL of a package's folder. */
export const packageUrl = (name) => new URL(`packages/${name}/`, root)

/** The parsed package.json of one package. */
export const readManifest = (name) => JSON.parse(readFileSync(new URL('package.json', packageUrl(name)), 'utf8'))

/** Paths of all source files of one package, relative to its src/, tests apart. */
export const sourceFiles = (name) => {
  const src = new URL('src/', packageUrl(name))
  if (!existsSync(src)) return []
  return readdirSync(src, { recursive: true })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.ts$/.test(file) && !/\.(test|test-d|d)\.ts$/.test(file))
    .sort()
}

/** Base names of the public source files of one package: all that lie in src/ itself, commands apart. */
export const publicModules = (name, manifest = readManifest(name)) => {
  const commands = Object.values(manifest.bin ?? {}).map((path) => path.replace(/^.*\//, '').replace(/\.js$/, ''))
  return sourceFiles(name)
    .filter((file) => !file.includes('/'))
    .map((file) => file.slice(0, -'.ts'.length))
    .filter((module) => !commands.includes(module))
    .sort((a, b) => (a === 'index' ? -1 : b === 'index' ? 1 : a < b ? -1 : 1))
}

/** Whether a package is published with its modules in one file, `dist/shared.js`: all but the server. */
export const isMerged = (name) => name !== 'emulator'

/** The manifest with the exports it should have. Conditions are tried in the order in which they stand. */
export const withExports = (name, manifest = readManifest(name)) => {
  const source = {}
  const published = {}
  for (const module of publicModules(name, manifest)) {
    const subpath = module === 'index' ? '.' : `./${module}`
    const dist = { types: `./dist/${module}.d.ts`, default: `./dist/${module}.js` }
    source[subpath] = { 'genauth-source': `./src/${module}.ts`, ...dist }
    published[subpath] = dist
  }
  // What the packages take from each other, once built. The sources name functions by their own subpaths instead.
  if (isMerged(name))
    source['./shared'] = published['./shared'] = { types: './dist/shared.d.ts', default: './dist/shared.js' }
  const self = { './package.json': './package.json' }
  return {
    ...manifest,
    exports: { ...source, ...self },
    publishConfig: { ...manifest.publishConfig, exports: { ...published, ...self } },
  }
}

/** Names of the packages that are to be published with provenance and don't say from where. */
export const unpublishable = (manifests) =>
  manifests
    .filter(
      ({ publishConfig, repository }) =>
        publishConfig?.provenance && !(typeof repository == 'string' ? repository : repository?.url),
    )
    .map(({ name }) => name)

/** All packages, each after those of this workspace that it depends on. */
export const buildOrder = () => {
  const order = []
  const visit = (name) => {
    if (order.includes(name)) return
    for (const dependency of Object.keys(readManifest(name).dependencies ?? {}))
      if (dependency.startsWith('@genauth-oidc/')) visit(dependency.slice('@genauth-oidc/'.length))
    order.push(name)
  }
  packageNames().forEach(visit)
  return order
}
