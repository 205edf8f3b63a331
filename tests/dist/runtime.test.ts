import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { isMerged, packageNames, packageUrl, publicModules } from '../../scripts/internal/workspace.mjs'
import { exportsOf } from '../architecture/internal/syntax.js'
import { run } from './internal/packed.js'

const { application, development } = inject('packed')

const subpathsOf = (name: string): string[] =>
  publicModules(name).map((module: string) => `@genauth-oidc/${name}${module === 'index' ? '' : `/${module}`}`)
const everyday: string[] = packageNames()
  .filter((name: string) => name !== 'emulator')
  .flatMap(subpathsOf)
// Types leave an empty module behind.
const withValues = everyday.filter((subpath) => !subpath.endsWith('/types'))
// Where a library of others is part of the job; the barrel of core reaches defineConfig.
const withLibraries = ['', '/defineConfig', '/discover', '/extendConfig', '/transport'].map(
  (module) => `@genauth-oidc/core${module}`,
)
const merged: string[] = packageNames()
  .filter(isMerged)
  .map((name: string) => `@genauth-oidc/${name}/shared`)
const light = [...withValues, ...merged].filter(
  (subpath) => !withLibraries.includes(subpath) && !subpath.startsWith('@genauth-oidc/fapi'),
)

/** The names of the values that the source file behind a subpath exports, sorted as a module's namespace is. */
const valuesOf = async (subpath: string): Promise<string[]> => {
  const [, name = '', module = 'index'] = subpath.split('/')
  const code = await readFile(new URL(`src/${module}.ts`, packageUrl(name)), 'utf8')
  const values = exportsOf(code).filter(({ kind }) => kind !== 'type')
  return [...new Set(values.map((one) => one.name))].sort()
}

/** Runs a program of an application under Node and gives what it printed, read as JSON. */
const program = async <T>(folder: string, file: string, code: string, ...flags: string[]): Promise<T> => {
  await writeFile(join(folder, file), code)
  return JSON.parse(await run(folder, process.execPath, ...flags, file))
}

describe('an application that installed the packages', () => {
  it('imports every subpath, and finds there what the source file exports', async () => {
    const found = await program<Record<string, string[]>>(
      application,
      'import.mjs',
      `const found = {}
       for (const subpath of ${JSON.stringify(everyday)}) found[subpath] = Object.keys(await import(subpath))
       console.log(JSON.stringify(found))`,
    )
    for (const subpath of everyday) expect([subpath, found[subpath]]).toEqual([subpath, await valuesOf(subpath)])
  })

  it('imports the emulator, which it installed for development', async () => {
    const found = await program<string[]>(
      development,
      'import.mjs',
      `console.log(JSON.stringify(Object.keys(await import('@genauth-oidc/emulator/startEmulator'))))`,
    )
    expect(found).toEqual(['startEmulator'])
  })

  it('runs the emulator by its command', async () => {
    const help = await run(development, join('node_modules', '.bin', 'genauth-emulator'), '--help')
    for (const flag of ['--port', '--app-id', '--secret', '--redirect-uri', '--id-token-alg'])
      expect(help).toContain(flag)
  })

  it('requires every subpath from CommonJS', async () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
    expect(major > 20 || minor >= 19, 'needs Node 20.19 or later').toBe(true)
    const found = await program<Record<string, number>>(
      application,
      'require.cjs',
      `const found = {}
       for (const subpath of ${JSON.stringify(withValues)}) found[subpath] = Object.keys(require(subpath)).length
       console.log(JSON.stringify(found))`,
    )
    expect(Object.values(found).every((exported) => exported > 0)).toBe(true)
  })

  it('computes the challenge of RFC 7636 Appendix B with what it required', async () => {
    const challenge = await program<string>(
      application,
      'challenge.cjs',
      `const { calculateCodeChallenge } = require('@genauth-oidc/pkce/calculateCodeChallenge')
       calculateCodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk').then((c) => console.log(JSON.stringify(c)))`,
    )
    expect(challenge).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
  })

  it('can not reach what is no public function', async () => {
    const found = await program<string[]>(
      application,
      'reach.mjs',
      `const found = []
       for (const subpath of ['@genauth-oidc/core/dist/OidcError.js', '@genauth-oidc/core/internal/schema'])
         await import(subpath).catch((error) => found.push(error.code))
       console.log(JSON.stringify(found))`,
    )
    expect(found).toEqual(['ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_PACKAGE_PATH_NOT_EXPORTED'])
  })
})

describe('importing a function', () => {
  it('gives the one that all of its subpaths give, from whichever package', async () => {
    const same = await program<boolean[]>(
      application,
      'same.mjs',
      `import { OidcError } from '@genauth-oidc/core'
       import { OidcError as alone } from '@genauth-oidc/core/OidcError'
       import { OidcError as merged } from '@genauth-oidc/core/shared'
       import { defineConfig } from '@genauth-oidc/core/defineConfig'
       import { verifyIdToken } from '@genauth-oidc/verify'
       import { verifyIdToken as verify } from '@genauth-oidc/verify/verifyIdToken'
       let error
       try { defineConfig({}) } catch (thrown) { error = thrown }
       console.log(JSON.stringify([OidcError == alone, alone == merged, error instanceof OidcError, verifyIdToken == verify]))`,
    )
    expect(same).toEqual([true, true, true, true])
  })

  it('loads a file for each package and one for the subpath, whatever the size of the package [design 7]', async () => {
    await writeFile(join(application, 'load.mjs'), `import '@genauth-oidc/login/completeLogin'`)
    const command = `"${process.execPath}" --import ./watch.mjs load.mjs 2>&1`
    const urls = (await run(application, 'sh', '-c', command)).split('\n')
    const files = urls.flatMap((url) => /\/node_modules\/@genauth-oidc\/(.*)/.exec(url)?.[1] ?? [])
    expect([...new Set(files)].sort()).toEqual(
      ['core', 'login', 'pkce', 'tokens', 'urls', 'verify']
        .map((name) => `${name}/dist/shared.js`)
        .concat('login/dist/completeLogin.js')
        .sort(),
    )
  })

  beforeAll(async () => {
    await writeFile(
      join(application, 'hooks.mjs'),
      `export const resolve = async (specifier, context, next) => {
         const resolved = await next(specifier, context)
         process._rawDebug(resolved.url)
         return resolved
       }`,
    )
    await writeFile(
      join(application, 'watch.mjs'),
      `import { register } from 'node:module'
       register('./hooks.mjs', import.meta.url)`,
    )
  })

  it('loads neither an HTTP client nor a server of Node [design 7]', async () => {
    const loaded = await program<string[]>(
      application,
      'builtins.mjs',
      `const before = new Set(process.moduleLoadList)
       for (const subpath of ${JSON.stringify(light)}) await import(subpath)
       console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))))`,
    )
    expect(loaded.filter((name) => /undici|\b_?https?\b|_http_|\bnet\b|\btls\b|\bdns\b/.test(name))).toEqual([])
  })

  it('sees undici where there is one, so that the test above can fail', async () => {
    const loaded = await program<string[]>(
      application,
      'undici.mjs',
      `new Headers()\nconsole.log(JSON.stringify(process.moduleLoadList))`,
    )
    expect(loaded.some((name) => name.includes('undici'))).toBe(true)
  })

  it.each([
    ['no library of others', light, []],
    ['valibot with defineConfig, and nothing else', ['@genauth-oidc/core/defineConfig'], ['valibot']],
    ['ofetch with the transport', ['@genauth-oidc/core/transport'], ['destr', 'node-fetch-native', 'ofetch', 'ufo']],
  ])('loads %s', async (_, subpaths, expected) => {
    await writeFile(join(application, 'load.mjs'), subpaths.map((subpath) => `import '${subpath}'`).join('\n'))
    const command = `"${process.execPath}" --import ./watch.mjs load.mjs 2>&1`
    const urls = (await run(application, 'sh', '-c', command)).split('\n')
    expect(urls.some((url) => url.includes('/node_modules/@genauth-oidc/'))).toBe(true)
    const libraries = urls.flatMap((url) => /\/node_modules\/((?!@genauth-oidc)[^/]+)/.exec(url)?.[1] ?? [])
    expect([...new Set(libraries)].sort()).toEqual(expected)
  })
})

describe('a bundle', () => {
  const bundle = async (code: string, plugins: Plugin[] = []) => {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: application },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      write: false,
      logLevel: 'silent',
      plugins,
    })
    return outputFiles[0]!.text.trim()
  }

  // Takes the word of package.json away: what is left must be droppable for what it is.
  const distrust: Plugin = {
    name: 'distrust',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^(@genauth-oidc|\.)/ }, async ({ path, pluginData, importer, ...args }) => {
        const ours = path.startsWith('@') || importer.includes('/@genauth-oidc/')
        if (!ours || pluginData === 'asked') return undefined
        return { ...(await resolve(path, { ...args, importer, pluginData: 'asked' })), sideEffects: true }
      })
    },
  }

  it.each(everyday.filter((subpath) => !/\/core(\/transport)?$/.test(subpath)))(
    'holds nothing of %s that is not used, even without the word of its package.json',
    async (subpath) => {
      expect(await bundle(`import '${subpath}'`, [distrust])).toBe('')
    },
  )

  it('holds the function that is used and nothing of its neighbours', async () => {
    const code = await bundle(`export { generateCodeVerifier } from '@genauth-oidc/pkce'`, [distrust])
    expect(code).toContain('getRandomValues')
    expect(code).not.toMatch(/digest|code_challenge|authorization/)
  })
})
