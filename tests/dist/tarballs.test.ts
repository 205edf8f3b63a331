import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import {
  packageNames,
  packageUrl,
  publicModules,
  readManifest,
  root,
  sourceFiles,
} from '../../scripts/internal/workspace.mjs'
import { specifiersOf } from '../architecture/internal/syntax.js'
import { run } from './internal/packed.js'

const { tarballs, application, development } = inject('packed')

describe.each(packageNames())('the tarball of %s', (name: string) => {
  const tarball = tarballs[name]!
  const installed = join(name === 'emulator' ? development : application, 'node_modules/@genauth-oidc', name)
  const built = sourceFiles(name).flatMap((file: string) => {
    const path = `dist/${file.slice(0, -'.ts'.length)}`
    return [`${path}.js`, `${path}.d.ts`]
  })

  it('holds one module and its types for each source file, package.json, licence and README, and nothing else', async () => {
    const listing = await run('.', 'tar', '-tzf', tarball)
    const files = listing
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, ''))
    expect(files.sort()).toEqual([...built, 'LICENSE', 'README.md', 'package.json'].sort())
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
        const target = new URL(specifier, `file:///${file}`).pathname.slice(1)
        expect(built, `${file} imports ${specifier}`).toContain(target)
      }
    }
  })

  it('has types for all that its modules export, with their comments', async () => {
    for (const file of built.filter((path: string) => path.endsWith('.d.ts'))) {
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
    const subpaths = publicModules(name).length
    expect(report.match(/^bundler: OK/gm)).toHaveLength(subpaths + 1)
    expect(report.match(/^node16 \(from ESM\): OK/gm)).toHaveLength(subpaths + 1)
  })
})
