import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import { planMerge } from '../../scripts/internal/merge.mjs'
import {
  isMerged,
  packageNames,
  packageUrl,
  publicModules,
  readManifest,
  root,
  sourceFiles,
} from '../../scripts/internal/workspace.mjs'
import { exportsOf, specifiersOf } from '../architecture/internal/syntax.js'
import { run } from './internal/packed.js'

const { tarballs, application, development } = inject('packed')

// What is left of a package's modules when those that need no library of others are one file.
const published = async (name: string): Promise<string[]> => {
  const modules: string[] = sourceFiles(name).map((file: string) => file.slice(0, -'.ts'.length))
  const types = modules.map((module) => `dist/${module}.d.ts`)
  if (!isMerged(name)) return [...types, ...modules.map((module) => `dist/${module}.js`)]
  const { merged } = (await planMerge(name)) as { merged: string[] }
  const files = modules.filter((module) => !module.startsWith('internal/') || !merged.includes(module))
  return [...types, ...files.map((module) => `dist/${module}.js`), 'dist/shared.js', 'dist/shared.d.ts']
}

describe.each(packageNames())('the tarball of %s', async (name: string) => {
  const tarball = tarballs[name]!
  const installed = join(name === 'emulator' ? development : application, 'node_modules/@genauth-oidc', name)
  const built = await published(name)

  it('holds the merged file, a module for each subpath, types for each source file, its command, package.json, licence and README, and nothing else', async () => {
    const listing = await run('.', 'tar', '-tzf', tarball)
    const files = listing
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, ''))
    const commands = Object.values<string>(readManifest(name).bin ?? {})
    expect(files.sort()).toEqual([...built, ...commands, 'LICENSE', 'README.md', 'package.json'].sort())
  })

  it('has a manifest for applications: dist only, real versions, no trace of the workspace', async () => {
    const text = await readFile(join(installed, 'package.json'), 'utf8')
    expect(text).not.toMatch(/genauth-source|workspace:|catalog:|\.\/src\//)
    const source = readManifest(name)
    const manifest = JSON.parse(text)
    expect(manifest.exports).toEqual(source.publishConfig.exports)
    for (const [dependency, range] of Object.entries(manifest.dependencies ?? {}))
      expect([dependency, range]).toEqual([dependency, expect.stringMatching(/^\^?\d+\.\d+\.\d+$/)])
  })

  it('names no folder of the machine it was built on, and no file that it does not hold', async () => {
    const here = fileURLToPath(root)
    for (const file of built) {
      const code = await readFile(join(installed, file), 'utf8')
      expect(code.includes(here), file).toBe(false)
      for (const specifier of specifiersOf(code).filter((one) => one.startsWith('.'))) {
        const path = new URL(specifier, `file:///${file}`).pathname.slice(1)
        const target = file.endsWith('.d.ts') ? path.replace(/\.js$/, '.d.ts') : path
        expect(built, `${file} imports ${specifier}`).toContain(target)
      }
    }
  })

  it('has types for all that its modules export, with their comments', async () => {
    for (const file of built.filter((path) => path.endsWith('.d.ts') && path != 'dist/shared.d.ts')) {
      const source = await readFile(
        new URL(file.replace('dist/', 'src/').replace('.d.ts', '.ts'), packageUrl(name)),
        'utf8',
      )
      const types = await readFile(join(installed, file), 'utf8')
      expect(types.trim(), file).not.toBe('')
      // In front of an exported function: a comment that the editor shows.
      const comments = (code: string) => code.match(/\*\/\s*export (declare |async )*function/g)?.length ?? 0
      expect(comments(types), file).toBe(comments(source))
    }
  })

  it('passes publint, strictly', async () => {
    const file = await readFile(tarball)
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(file).buffer }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  it('has types that resolve under every kind of ES module resolution', async () => {
    const attw = fileURLToPath(new URL('node_modules/.bin/attw', root))
    const report = await run('.', attw, tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji')
    const subpaths = publicModules(name).length + (isMerged(name) ? 1 : 0)
    expect(report.match(/^bundler: OK/gm)).toHaveLength(subpaths + 1)
    expect(report.match(/^node16 \(from ESM\): OK/gm)).toHaveLength(subpaths + 1)
  })
})

describe.each(packageNames().filter(isMerged))('the merged file of %s', async (name: string) => {
  const folder = join(application, 'node_modules/@genauth-oidc', name, 'dist')
  const { merged, exported } = (await planMerge(name)) as { merged: string[]; exported: Record<string, string[]> }
  const code = (file: string) => readFile(join(folder, file), 'utf8')

  it('takes from its siblings their merged files, and nothing from elsewhere', async () => {
    for (const specifier of specifiersOf(await code('shared.js')))
      expect(specifier).toMatch(/^@genauth-oidc\/\w+\/shared$/)
  })

  it('is where the code of a function is; its subpath holds one line, so that no module is there twice', async () => {
    for (const module of (publicModules(name) as string[]).filter((one) => merged.includes(one))) {
      const values = exported[module] as string[]
      const line = values.length > 0 ? `export { ${values.join(', ')} } from './shared.js';` : 'export {};'
      expect([module, (await code(`${module}.js`)).trim()]).toEqual([module, line])
    }
  })

  it('tells its types under the names that it exports', async () => {
    const types = exportsOf(await code('shared.d.ts')).map((one) => one.name)
    const open = (publicModules(name) as string[]).filter((one) => merged.includes(one))
    expect(types.sort()).toEqual(open.flatMap((module) => exported[module] as string[]).sort())
    expect(exportsOf(await code('shared.js')).map((one) => one.name)).toEqual(expect.arrayContaining(types))
  })
})

describe('a module that needs a library of others', () => {
  it('stays alone, so that only its own users load the library', async () => {
    const { merged } = (await planMerge('core')) as { merged: string[] }
    const alone = (publicModules('core') as string[]).filter((one) => !merged.includes(one))
    expect(alone).toEqual(['index', 'defineConfig', 'discover', 'extendConfig', 'transport'])
    for (const name of ['pkce', 'urls', 'verify', 'tokens', 'login']) {
      const plan = (await planMerge(name)) as { merged: string[] }
      expect([name, sourceFiles(name).filter((file: string) => !plan.merged.includes(file.slice(0, -3)))]).toEqual([
        name,
        ['index.ts'],
      ])
    }
  })
})
