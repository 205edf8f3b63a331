import { readFileSync } from 'node:fs'
import { ESLint } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'
import { mayFetch, mayRead } from '../../eslint.config.js'

// The real configuration without the rules that need types: they want the files of a case to exist.
const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked as ESLint.Options['overrideConfig'] })

const complaints = async (file: string, code: string) => {
  const [result] = await eslint.lintText(code, { filePath: `packages/${file}` })
  return (result?.messages ?? [])
    .map(({ ruleId }) => ruleId ?? 'syntax')
    .filter((rule) => /no-restricted|no-cycle|no-unresolved|syntax/.test(rule))
}
const restricted = '@typescript-eslint/no-restricted-imports'
const importing = (specifier: string) => `import { x } from '${specifier}'\nexport const y = () => x\n`
const importingType = (specifier: string) => `import type { X } from '${specifier}'\nexport type Y = X\n`
const form = 'no-restricted-syntax'

describe('who may import whom', () => {
  it.each([
    ['core/src/endpoint.ts', './issuer.js'],
    ['core/src/endpoint.ts', './internal/anything.js'],
    ['core/src/internal/anything.ts', '../issuer.js'],
    ['pkce/src/a.ts', '@genauth-oidc/core/randomString'],
    ['urls/src/a.ts', '@genauth-oidc/core/OidcError'],
    ['verify/src/a.ts', '@genauth-oidc/core/OidcError'],
    ['tokens/src/a.ts', '@genauth-oidc/verify/verifyIdToken'],
    ['login/src/a.ts', '@genauth-oidc/pkce/generatePkce'],
    ['login/src/a.ts', '@genauth-oidc/urls/buildAuthorizeUrl'],
    ['login/src/a.ts', '@genauth-oidc/tokens/getAccessTokenByCode'],
    ['fapi/src/a.ts', '@genauth-oidc/tokens/getAccessTokenByCode'],
    ['core/src/defineConfig.ts', 'valibot'],
    ['core/src/discover.ts', 'valibot'],
    ['core/src/transport.ts', 'ofetch'],
    ['fapi/src/decryptJwt.ts', 'jose'],
    ['fapi/src/parseCasXml.ts', 'fast-xml-parser'],
    ['emulator/src/a.ts', 'oidc-provider'],
    ['emulator/src/a.ts', 'node:http'],
    ['pkce/src/generatePkce.test.ts', 'node:crypto'],
    ['urls/src/readCallback.test.ts', '@genauth-oidc/emulator'],
  ])('%s may import %s', async (file, specifier) => {
    expect((await complaints(file, importing(specifier))).filter((rule) => rule === restricted)).toEqual([])
  })

  it.each([
    ['core/src/a.ts', '@genauth-oidc/pkce/generatePkce'],
    ['core/src/a.ts', '@genauth-oidc/core/OidcError'],
    ['pkce/src/a.ts', '@genauth-oidc/urls/buildAuthorizeUrl'],
    ['pkce/src/a.ts', '@genauth-oidc/corelike/x'],
    ['urls/src/a.ts', '@genauth-oidc/verify/verifyIdToken'],
    ['verify/src/a.ts', '@genauth-oidc/tokens/getAccessTokenByCode'],
    ['tokens/src/a.ts', '@genauth-oidc/login/beginLogin'],
    ['tokens/src/a.ts', '@genauth-oidc/urls/readCallback'],
    ['login/src/a.ts', '@genauth-oidc/fapi/createDpop'],
    ['login/src/a.ts', '@genauth-oidc/emulator'],
    ['emulator/src/a.ts', '@genauth-oidc/core/OidcError'],
    ['core/src/endpoint.ts', 'valibot'],
    ['core/src/internal/schema.ts', 'valibot'],
    ['core/src/defineConfig.ts', 'ofetch'],
    ['core/src/transport.ts', 'valibot'],
    ['urls/src/a.ts', 'valibot'],
    ['tokens/src/a.ts', 'ofetch'],
    ['tokens/src/a.ts', 'oauth4webapi'],
    ['login/src/a.ts', 'oauth4webapi'],
    ['fapi/src/a.ts', 'oauth4webapi'],
    ['fapi/src/a.ts', 'jose'],
    ['fapi/src/decryptJwt.ts', 'fast-xml-parser'],
    ['pkce/src/a.ts', 'node:crypto'],
    ['pkce/src/a.ts', 'crypto'],
    ['fapi/src/a.ts', 'node:tls'],
    ['core/src/internal/a.ts', 'fs'],
  ])('%s may not import %s', async (file, specifier) => {
    expect(await complaints(file, importing(specifier))).toContain(restricted)
  })

  it.each(['core', 'tokens', 'login', 'fapi'])('lets %s take no types of oauth4webapi either', async (name) => {
    expect(await complaints(`${name}/src/a.ts`, importingType('oauth4webapi'))).toContain(restricted)
  })

  it.each([
    "export * from 'valibot'",
    "export { object } from 'valibot'",
    "export type { ObjectSchema } from 'valibot'",
    "import 'valibot'",
    "import v = require('valibot')\nexport const y = v",
  ])('sees the library in: %s', async (code) => {
    expect(await complaints('core/src/a.ts', code)).toContain(restricted)
  })

  it.each([
    "export const f = () => import('valibot')",
    'export const f = () => import(`valibot`)',
    "export const f = () => import('@genauth-oidc/urls/readCallback')",
    "export const f = () => import('./randomString.js')",
    'export const f = (name: string) => import(name)',
    "export type A = import('valibot').ObjectSchema",
  ])('knows imports as statements only, not %s', async (code) => {
    expect(await complaints('core/src/a.ts', code)).toContain(form)
    expect(await complaints('core/src/defineConfig.ts', code)).toContain(form)
  })

  it('lets the emulator load its engine when it is needed, and nothing that it may not import', async () => {
    const loading = (specifier: string) => `export const f = () => import('${specifier}')`
    expect(await complaints('emulator/src/a.ts', loading('oidc-provider/lib/provider.js'))).toEqual([])
    expect(await complaints('emulator/src/a.ts', loading('@genauth-oidc/core/OidcError'))).toContain(form)
  })

  it.each([
    '@genauth-oidc/core',
    './index.js',
    '../../core/src/OidcError.js',
    './../../core/src/OidcError.js',
    './internal/../../../core/src/OidcError.js',
    './/../../core/src/OidcError.js',
    './issuer',
    './issuer.ts',
  ])('takes a function from its own file and by its published name, not from %s', async (specifier) => {
    expect(await complaints('login/src/a.ts', importing(specifier))).toContain(restricted)
    expect(await complaints('login/src/internal/a.ts', importing(specifier))).toContain(restricted)
  })

  it('knows no import that goes round in a circle', async () => {
    expect(await complaints('core/src/OidcError.ts', importing('./configError.js'))).toContain('import-x/no-cycle')
    expect(await complaints('core/src/configError.ts', importing('./OidcError.js'))).not.toContain('import-x/no-cycle')
  })

  it('knows no import of a file that is not there', async () => {
    expect(await complaints('login/src/a.ts', importing('@genauth-oidc/core/nothing'))).toContain(
      'import-x/no-unresolved',
    )
  })
})

describe('what a package may be written with', () => {
  it.each([
    ['a default export', 'export default 1'],
    ['an enum', 'export enum A { B }'],
    ['a namespace', 'export namespace A { export const b = 1 }'],
    ['a class', 'export class A {}'],
    ['a class expression', 'export const A = class {}'],
    ['a variable of the module', 'let a = 1\nexport const b = () => a++'],
    ['an exported variable', 'export let a = 1'],
    ['a var', 'var a = 1\nexport const b = () => a++'],
  ])('not %s', async (_, code) => {
    expect(await complaints('urls/src/a.ts', code)).toContain(form)
  })

  it.each(['export const a = () => Math.random()', 'const { random } = Math\nexport const a = random'])(
    'not the guessable numbers of Math: %s',
    async (code) => {
      expect(await complaints('urls/src/a.ts', code)).toContain('no-restricted-properties')
    },
  )

  it.each(['Buffer', 'process', 'window', 'localStorage'])('not %s, which some runtimes lack', async (name) => {
    expect(await complaints('urls/src/a.ts', `export const a = () => ${name}`)).toContain('no-restricted-globals')
  })

  it.each([
    'fetch(url)',
    'globalThis.fetch(url)',
    "globalThis['fetch'](url)",
    'config.fetch(url)',
    'options?.fetch?.(url)',
    '(({ fetch: send }) => send(url))(options)',
    '((send = fetch) => send(url))()',
  ])('not a fetch that nobody guards: %s', async (code) => {
    const found = await complaints('login/src/a.ts', `export const a = (url, config, options) => ${code}`)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((rule) => rule !== form && rule !== 'no-restricted-globals')).toEqual([])
  })

  it.each([
    'answer.json()',
    'answer.text()',
    "answer['text']()",
    'answer?.arrayBuffer?.()',
    'answer.clone().blob()',
    'new Response(answer.body).formData()',
    'answer.body.getReader()',
    'answer.body.pipeThrough(other)',
  ])('not a body that nobody counts: %s', async (code) => {
    expect(await complaints('login/src/a.ts', `export const a = (answer, other) => ${code}`)).toEqual([form])
  })

  it('not a body that is read piece by piece', async () => {
    const code = 'export const a = async ({ body }) => { for await (const part of body) part() }'
    expect(await complaints('login/src/a.ts', code)).toEqual([form])
  })

  it.each([
    ['a fetch in what is handed on', 'export const a = (fetch, ask) => ask({ fetch, more: { fetch: () => fetch } })'],
    ['a fetch of its own parameters', 'export const a = (fetch, url) => fetch(url)'],
    ['fields of these names', 'export const a = ({ text, json }) => [text, json.text]'],
  ])('but with %s', async (_, code) => {
    expect(await complaints('login/src/a.ts', code)).toEqual([])
  })

  it.each([
    ['name a fetch', mayFetch, 'export const a = (config) => config.fetch ?? globalThis.fetch', '`request` of core'],
    ['read a body', mayRead, 'export const a = (answer) => answer.text()', '`readText` of core'],
  ])('but in the files that may %s, each of which has to', async (_, files, code, message) => {
    for (const file of files) {
      expect(await complaints(file, code)).toEqual([])
      const elsewhere = `packages/${file.replace(/[^/]+$/, 'elsewhere.ts')}`
      const [result] = await eslint.lintText(readFileSync(new URL(`../../packages/${file}`, import.meta.url), 'utf8'), {
        filePath: elsewhere,
      })
      expect(result?.messages.map((one) => one.message).join(), file).toContain(message)
    }
  })

  it.each(mayFetch)('not even in %s with the bare name of fetch, which throws where there is none', async (file) => {
    expect(await complaints(file, 'export const a = () => fetch')).toEqual(['no-restricted-globals'])
  })

  it('but with a variable inside a function, and with `declare global`', async () => {
    const code = 'declare global { interface URL { a: 1 } }\nexport const a = () => { let b = 1; b++; return b }'
    expect(await complaints('urls/src/a.ts', code)).toEqual([])
  })
})
