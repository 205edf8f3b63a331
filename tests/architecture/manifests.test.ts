import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  packageNames,
  packageUrl,
  publicModules,
  readManifest,
  root,
  sourceFiles,
  unpublishable,
  withExports,
} from '../../scripts/internal/workspace.mjs'
import { specifiersOf } from './internal/syntax.js'

const text = (path: string, base: URL = root) => readFileSync(new URL(path, base), 'utf8')

describe.each(packageNames())('package.json of %s', (name: string) => {
  const manifest = readManifest(name)

  it('exports what its sources offer: one subpath for each public file, types first, sources for development only', () => {
    expect(publicModules(name), 'run "node scripts/exports.mjs"').toContain('index')
    expect(manifest).toEqual(withExports(name))
    for (const [subpath, target] of Object.entries<Record<string, string>>(manifest.publishConfig.exports)) {
      if (subpath !== './package.json') expect(Object.keys(target)).toEqual(['types', 'default'])
    }
  })

  it('is an ES module without side effects, for the Node versions that can require() one', () => {
    expect(manifest).toMatchObject({ type: 'module', sideEffects: false, engines: { node: '>=20.19' } })
    expect(manifest).not.toHaveProperty('main')
    expect(manifest).not.toHaveProperty('module')
  })

  it('is published openly, with provenance, and ships its dist folder, its command and nothing else', () => {
    expect(manifest).toMatchObject({
      name: `@genauth-oidc/${name}`,
      license: 'MIT',
      // A command is written by hand, so that it is there before the first build.
      files: manifest.bin ? ['bin', 'dist'] : ['dist'],
      publishConfig: { access: 'public', provenance: true },
    })
    expect(manifest).not.toHaveProperty('private')
    expect(manifest.description).toMatch(/\S/)
  })

  it('carries the licence and a README', () => {
    expect(text('LICENSE', packageUrl(name))).toBe(text('LICENSE'))
    expect(existsSync(new URL('README.md', packageUrl(name)))).toBe(true)
  })

  it('runs nothing when it is installed', () => {
    expect(Object.keys(manifest.scripts)).toEqual(['build'])
  })

  it('depends on exactly the packages that its sources import', () => {
    const imported = sourceFiles(name)
      .flatMap((file: string) => specifiersOf(text(`src/${file}`, packageUrl(name))))
      .filter((specifier: string) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .map((specifier: string) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
      .filter((dependency: string) => !builtinModules.includes(dependency))
    expect(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).sort()).toEqual(
      [...new Set(imported)].sort(),
    )
    expect(manifest).not.toHaveProperty('devDependencies')
  })

  it('takes its siblings at a compatible version, and libraries of others at the one version of the workspace', () => {
    for (const [dependency, range] of Object.entries(manifest.dependencies ?? {})) {
      const exactInEmulator = name === 'emulator' && /^\d+\.\d+\.\d+$/.test(String(range))
      if (!exactInEmulator) expect(range).toBe(dependency.startsWith('@genauth-oidc/') ? 'workspace:^' : 'catalog:')
    }
  })
})

describe('the workspace', () => {
  const workspace = JSON.parse(text('package.json'))

  it('pins each of its tools to one version', () => {
    for (const [name, range] of Object.entries<string>(workspace.devDependencies)) {
      expect([name, range]).toEqual([
        name,
        expect.stringMatching(/^(workspace:\*|catalog:|(npm:[\w@/-]+@)?\d+\.\d+\.\d+)$/),
      ])
    }
  })

  it('is released only when each package says from which repository, as provenance needs it', () => {
    const publishConfig = { provenance: true }
    expect(
      unpublishable([
        { name: 'a', publishConfig },
        { name: 'b', publishConfig, repository: {} },
        { name: 'c', publishConfig, repository: { type: 'git', url: 'git+https://example.com/c.git' } },
        { name: 'd', publishConfig, repository: 'example/d' },
        { name: 'e' },
      ]),
    ).toEqual(['a', 'b'])

    expect(workspace.scripts.release).toMatch(/^node scripts\/publishable\.mjs && /)
    const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('scripts/publishable.mjs', root))], {
      encoding: 'utf8',
    })
    const missing = unpublishable(packageNames().map((name: string) => readManifest(name)))
    expect(status).toBe(missing.length > 0 ? 1 : 0)
    for (const name of missing) expect(stderr).toContain(name)
  })

  it('names one version of pnpm, everywhere the same', () => {
    const version = /^pnpm@(\d+\.\d+\.\d+)$/.exec(workspace.packageManager)?.[1]
    expect(version).toBeDefined()
    const named = ['package.json', 'scripts/test.mjs', 'tests/dist/internal/packed.ts'].flatMap((file) =>
      [...text(file).matchAll(/pnpm@([\d.]+)/g)].map(([, found]) => found),
    )
    expect(new Set(named)).toEqual(new Set([version]))
  })

  it('locks its dependencies without naming a registry, an address or a file of this machine', () => {
    const lock = text('pnpm-lock.yaml')
    expect(lock).toMatch(/^lockfileVersion/)
    expect(lock.match(/^.*(:\/\/|tarball:|git\+|[ '"@]file:\S).*$/gm)).toBeNull()
  })

  it('lets no dependency run an install script', () => {
    const allowBuilds = /^allowBuilds:\n((?: {2}.*\n)*)/m.exec(text('pnpm-workspace.yaml'))?.[1]
    expect(allowBuilds).toMatch(/: false$/m)
    expect(allowBuilds).not.toMatch(/true/)
  })

  it('waits a week before it takes a release', () => {
    expect(text('pnpm-workspace.yaml')).toMatch(/^minimumReleaseAge: 10080$/m)
  })
})
