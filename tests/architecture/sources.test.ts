import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mayImport, mayUse } from '../../eslint.config.js'
import { packageNames, packageUrl, publicModules, sourceFiles } from '../../scripts/internal/workspace.mjs'
import { exportsOf, loadTimeEffects, moduleState, specifiersOf } from './internal/syntax.js'

interface Source {
  /** As in `core/src/OidcError.ts`. */
  readonly path: string
  readonly code: string
}

const sources: Source[] = packageNames().flatMap((name: string) =>
  sourceFiles(name).map((file: string) => ({
    path: `${name}/src/${file}`,
    code: readFileSync(new URL(`src/${file}`, packageUrl(name)), 'utf8'),
  })),
)
// The emulator is a server on Node: it keeps its users and keys in memory.
const portable = sources.filter(({ path }) => !path.startsWith('emulator/'))
const publicSources = packageNames().flatMap((name: string) =>
  publicModules(name)
    .filter((module: string) => module !== 'index')
    .map((module: string) => sources.find(({ path }) => path === `${name}/src/${module}.ts`) as Source),
)

/** Pairs of file and finding, so that a failure names both. */
const findings = (files: Source[], look: (code: string) => string[]) =>
  files.flatMap(({ path, code }) => look(code).map((found) => `${path}: ${found}`))

const packageOf = (path: string) => /^[^/]+/.exec(path)?.[0] ?? ''
const siblingOf = (specifier: string) => /^@genauth-oidc\/([^/]+)/.exec(specifier)?.[1]
const librariesOf = (code: string) => specifiersOf(code).filter((name) => !name.startsWith('.') && !siblingOf(name))

/** The paths in a file's imports that lead to no source of its own package. */
const strayPaths = ({ path, code }: Source) => {
  const own = sources.map((one) => one.path).filter((one) => packageOf(one) === packageOf(path))
  return specifiersOf(code)
    .filter((specifier) => specifier.startsWith('.'))
    .filter((specifier) => !own.includes(posix.join(path, '..', specifier).replace(/\.js$/, '.ts')))
}

const namedState = [
  // The refreshes under way [R27]: an entry leaves when its request settles.
  'login/src/refreshLogin.ts: flights',
  // Keys made ready for WebCrypto [R32]: they hang on the identity of a config or of a provider's key, and go with it.
  'verify/src/checkSignature.ts: ready',
  // The keys of providers [R32]: they hang on the identity of the caller's fetch or store.
  'verify/src/internal/keys.ts: shelves',
]

describe('sources of the packages', () => {
  it('are found at all', () => {
    expect(packageNames().length).toBeGreaterThanOrEqual(7)
    expect(portable.length).toBeGreaterThan(20)
  })

  it('never draw a guessable number [R1]', () => {
    expect(findings(sources, (code) => code.match(/Math\s*(\?\.|\.|\[)\s*['"`]?random/g) ?? [])).toEqual([])
  })

  it('import no module of Node, the emulator apart', () => {
    const isBuiltin = (name: string) => name.startsWith('node:') || builtinModules.includes(name)
    expect(findings(portable, (code) => specifiersOf(code).filter(isBuiltin))).toEqual([])
  })

  it('import from each other what the table lets them, and need all that it does', () => {
    for (const [name, siblings] of Object.entries<string[]>(mayImport)) {
      const own = portable.filter(({ path }) => packageOf(path) === name)
      const imported = own.flatMap(({ code }) => specifiersOf(code).flatMap((one) => siblingOf(one) ?? []))
      expect([...new Set(imported)].sort(), name).toEqual([...siblings].sort())
    }
  })

  it('import a library of others in the file that is named for it, and nowhere else', () => {
    const used = portable.map(({ path, code }) => [path, [...new Set(librariesOf(code))]] as const)
    expect(Object.fromEntries(used.filter(([, libraries]) => libraries.length > 0))).toEqual(mayUse)
  })

  it('take by a path what is in their own package, and nothing else', () => {
    expect(sources.flatMap((source) => strayPaths(source).map((found) => `${source.path}: ${found}`))).toEqual([])
  })

  it('keep nothing between two calls, but for the keys of a provider [R32] and the refreshes under way [R27]', () => {
    expect(findings(portable, moduleState)).toEqual(namedState)
  })

  it('do nothing while they load, so that a bundler can drop what is not used', () => {
    expect(findings(portable, loadTimeEffects)).toEqual([])
  })

  it('export one function each, named like the file', () => {
    const nameOf = ({ path }: Source) => /([^/]+)\.ts$/.exec(path)?.[1] ?? ''
    const wrong = publicSources.filter((source) => {
      const exported = exportsOf(source.code)
      const functions = exported.filter(({ kind }) => kind === 'function').map(({ name }) => name)
      if (nameOf(source) === 'types') return exported.some(({ kind }) => kind !== 'type')
      // A class behind a type of its own is a value to the parser.
      const main =
        functions.length > 0 ? functions : exported.flatMap(({ name, kind }) => (kind === 'value' ? [name] : []))
      return [...new Set(main)].join() !== nameOf(source)
    })
    // The subpath is named for the job: it is the one that an application swaps for its own.
    expect(wrong.map(({ path }) => path)).toEqual(['core/src/transport.ts'])
  })

  it('list in the index by hand what they offer, never with an asterisk', () => {
    for (const name of packageNames()) {
      const listed = exportsOf(readFileSync(new URL('src/index.ts', packageUrl(name)), 'utf8'))
      expect(listed.length, name).toBeGreaterThan(0)
      expect(listed.map((one) => one.name)).not.toContain('*')
    }
  })

  it('say in a comment what each public name is for', () => {
    const undocumented = (code: string) => {
      const all = exportsOf(code)
      return all.filter(({ name }) => !all.some((one) => one.name === name && one.documented)).map(({ name }) => name)
    }
    expect(findings(publicSources, undocumented)).toEqual([])
  })

  it('hold nothing unfinished', () => {
    expect(findings(sources, (code) => code.match(/\b(TODO|FIXME|XXX|HACK)\b/g) ?? [])).toEqual([])
  })
})

describe('the finder of module state', () => {
  it.each([
    ['let a = 1', 'a'],
    ['export let a = 1', 'a'],
    ['var a', 'a'],
    ['const a = new Map()', 'a'],
    ['const a = new Set([1]); export const f = () => a.add(2)', 'a'],
    ['const a = { b: new WeakMap() }', 'a'],
    ['const a = /* @__PURE__ */ new Set()', 'a'],
    ['const a = /x/g', 'a'],
    ['const a = {}; export const f = () => { a.b = 1 }', 'a'],
    ['const a = {}; export const f = () => { a["b"]++ }', 'a'],
    ['const a = []; export function f() { a.push(1) }', 'a'],
    ['const a = {}; export const f = () => delete a.b', 'a'],
    ['const a = {}; export const f = () => Object.assign(a, { b: 1 })', 'a'],
  ])('sees %s', (code, name) => {
    expect(moduleState(code)).toEqual([name])
  })

  it.each([
    ['a table that is only read', 'const a = { b: 1 }; export const f = () => a.b'],
    ['a function with state of its own', 'export const f = () => { let a = 1; const b = new Map(); b.set(a++, 1) }'],
    ['a pattern', 'const a = /x/i; export const f = (s) => a.test(s)'],
    ['a table of values', 'const a = new Set([1, 2]); export const f = (b) => a.has(b)'],
    ['a text decoder', 'const a = new TextDecoder()'],
    ['state of another', 'export const f = (a) => { a.b = 1 }'],
  ])('lets pass %s', (_, code) => {
    expect(moduleState(code)).toEqual([])
  })
})

describe('the finder of effects while loading', () => {
  it.each(['f()', 'const a = f()', 'const a = { b: new B() }', 'if (a) b()', 'a.b = 1', 'for (;;) {}'])(
    'sees %s',
    (code) => {
      expect(loadTimeEffects(code)).toHaveLength(1)
    },
  )

  it.each(['const a = /* @__PURE__ */ f()', 'const a = () => f()', 'export function a() { f() }', 'type A = 1'])(
    'lets pass %s',
    (code) => {
      expect(loadTimeEffects(code)).toEqual([])
    },
  )
})

describe('the finder of exports', () => {
  it('tells functions, values and types apart, and sees their comments', () => {
    const code = `/** A. */ export function a() {}
      export const b = () => 1; export const c = 1
      /** D. */ export type D = 1
      /** F. */ export { e as f } from './e.js'; export type { G } from './g.js'; export * from './h.js'`
    expect(exportsOf(code).map(({ name, kind, documented }) => `${name} ${kind} ${String(documented)}`)).toEqual([
      'a function true',
      'b function false',
      'c value false',
      'D type true',
      'f function true',
      'G type false',
      '* value false',
    ])
  })
})

describe('the finder of imports', () => {
  it('sees every form of them', () => {
    const code = `import 'a'; import b from 'b'; import type { C } from 'c'; export * from 'd'; export { e } from 'e'
      const f = () => import('f'); type G = import('g').G; const no = 'h'; import i = require('i')
      const j = () => import(\`j\`, { with: {} }); const k = (name) => import(name + '.js')`
    expect(specifiersOf(code)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'i', 'j', "name + '.js'"])
  })

  it.each([
    ['core/src/endpoint.ts', '../../urls/src/readCallback.js'],
    ['core/src/endpoint.ts', './../../urls/src/readCallback.js'],
    ['core/src/endpoint.ts', './internal/../../../urls/src/readCallback.js'],
    ['core/src/endpoint.ts', './nothing.js'],
    ['core/src/endpoint.ts', '.'],
    ['verify/src/internal/keys.ts', '../../../core/src/issuer.js'],
  ])('sees that %s has no %s in its package', (path, specifier) => {
    expect(strayPaths({ path, code: `const a = () => import('${specifier}')` })).toEqual([specifier])
  })

  it.each([
    ['core/src/endpoint.ts', './issuer.js'],
    ['verify/src/internal/keys.ts', '../types.js'],
  ])('lets %s take %s', (path, specifier) => {
    expect(strayPaths({ path, code: `export * from '${specifier}'` })).toEqual([])
  })
})
