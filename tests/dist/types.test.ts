import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { isMerged, packageNames, publicModules, root } from '../../scripts/internal/workspace.mjs'
import { run } from './internal/packed.js'

const { application, development } = inject('packed')

const compilers = {
  '5.4': 'tests/dist/compilers/node_modules/typescript-5.4',
  '5.9': 'node_modules/typescript',
  '6.0': 'tests/dist/compilers/node_modules/typescript-6.0',
  '7.0': 'tests/dist/compilers/node_modules/typescript-7.0',
}
type Compiler = keyof typeof compilers

const allSubpaths = (names: string[]): string[] =>
  names.flatMap((name) =>
    [...publicModules(name), ...(isMerged(name) ? ['shared'] : [])].map(
      (module: string) => `@genauth-oidc/${name}${module === 'index' ? '' : `/${module}`}`,
    ),
  )

/** Type-checks files of an installed project as an application would: strictly, declarations of libraries included. */
const check = async (folder: string, compiler: Compiler, files: string[], options: object): Promise<void> => {
  const config = `tsconfig.${compiler}.${files.join('+')}.${Object.values(options).flat().join('-')}.json`.toLowerCase()
  const compilerOptions = { strict: true, skipLibCheck: false, noEmit: true, target: 'es2022', types: [], ...options }
  await writeFile(join(folder, config), JSON.stringify({ compilerOptions, files }))
  const tsc = fileURLToPath(new URL(`${compilers[compiler]}/bin/tsc`, root))
  expect(await run(folder, process.execPath, tsc, '-p', config)).toBe('')
}

const resolutions = [
  { module: 'esnext', moduleResolution: 'bundler' },
  { module: 'node16', moduleResolution: 'node16' },
]
const libraries = [
  ['without the DOM lib', { lib: ['es2022'] }],
  ['with the DOM lib', { lib: ['es2022', 'dom', 'dom.iterable'] }],
] as const
const sources = ['everything.ts', 'application.ts', 'helpers.ts']
const versions = Object.keys(compilers) as Compiler[]

beforeAll(async () => {
  const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url))
  const everyday = packageNames().filter((name: string) => name !== 'emulator')
  const imports = allSubpaths(everyday).map((subpath, index) => `export * as all${index} from '${subpath}'`)
  await Promise.all([
    cp(fixtures, application, { recursive: true }),
    writeFile(join(application, 'everything.ts'), imports.join('\n')),
    writeFile(join(development, 'everything.ts'), `export * as all from '@genauth-oidc/emulator'`),
    mkdir(join(development, 'node_modules/@types'), { recursive: true }),
  ])
  await symlink(fileURLToPath(new URL('node_modules/@types/node', root)), join(development, 'node_modules/@types/node'))
})

// Two at a time: each is a compiler at work.
describe.concurrent.each(versions)('the types, under TypeScript %s', (version) => {
  describe.each(libraries)('%s', (_, library) => {
    it.each(resolutions)('serve an application that resolves as $moduleResolution', async (resolution) => {
      await check(application, version, sources, { ...library, ...resolution })
    })

    it('serve one that tells a missing property from an undefined one', async () => {
      const options = {
        ...library,
        ...resolutions[0],
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
      }
      await check(application, version, sources, options)
    })
  })

  it('name the secret, where an auth method needs one', async () => {
    const code = `import { defineConfig } from '@genauth-oidc/core/defineConfig'
declare const environment: Record<string, string | undefined>
export const config = defineConfig({
  appId: environment.APP_ID,
  appHost: environment.APP_HOST,
  tokenEndpointAuthMethod: 'client_secret_basic',
})`
    const file = `unset-${version}.ts`
    await writeFile(join(application, file), code)
    const told = check(application, version, [file], { ...resolutions[0], lib: ['es2022'] })
    await expect(told).rejects.toThrow(/Property 'secret' is missing/)
  })

  it('of the emulator serve a test on Node', async () => {
    await check(development, version, ['everything.ts'], { ...resolutions[1], lib: ['es2022'], types: ['node'] })
  })
})

describe.each(['5.9', '6.0', '7.0'] as const)('a CommonJS module, under TypeScript %s', (version) => {
  it('may require() the packages', async () => {
    const code = `import { generatePkce } from '@genauth-oidc/pkce/generatePkce'\nexport const start = () => generatePkce()`
    await writeFile(join(application, 'commonjs.cts'), code)
    const options = { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022'] }
    await check(application, version, ['commonjs.cts'], options)
  })
})

describe('a mistake', () => {
  it('does not compile, so that the tests above can fail', async () => {
    const options = { ...resolutions[0], lib: ['es2022'] }
    const code = `import { generatePkce } from '@genauth-oidc/pkce/generatePkce'\nexport const wrong: string = generatePkce()`
    await writeFile(join(application, 'mistake.ts'), code)
    await expect(check(application, '5.9', ['mistake.ts'], options)).rejects.toThrow(/mistake\.ts\(\d+,\d+\): error TS/)
  })
})
