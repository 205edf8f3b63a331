// What a reviewer would say, said by a program: above all who may import whom. Prettier decides how code looks.
import js from '@eslint/js'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import jsdoc from 'eslint-plugin-jsdoc'
import tseslint from 'typescript-eslint'

// The direction of imports between the packages.
export const mayImport = {
  core: [],
  pkce: ['core'],
  urls: ['core'],
  verify: ['core'],
  tokens: ['core', 'verify'],
  login: ['core', 'pkce', 'urls', 'verify', 'tokens'],
  fapi: ['core', 'urls', 'verify', 'tokens'],
}

// The only files that may import a library of others.
export const mayUse = {
  'core/src/defineConfig.ts': ['valibot'],
  'core/src/discover.ts': ['valibot'],
  'core/src/transport.ts': ['ofetch'],
  'fapi/src/decryptJwt.ts': ['jose'],
  'fapi/src/parseCasXml.ts': ['fast-xml-parser'],
}

// The only files that may name a `fetch`: the one that sends, one that tells callers apart by theirs, and those that
// make a `fetch` which hands on to another one.
export const mayFetch = [
  'core/src/request.ts',
  'core/src/transport.ts',
  'fapi/src/createDecryptingFetch.ts',
  'fapi/src/fetchResource.ts',
  'fapi/src/pushAuthorizationRequest.ts',
  'fapi/src/trackCasSession.ts',
  'verify/src/internal/keys.ts',
]

// The only files that may read a body: the one that counts it, the one that counts what is no text, and one that hands
// on the reading.
export const mayRead = [
  'core/src/readText.ts',
  'fapi/src/internal/readBytes.ts',
  'fapi/src/pushAuthorizationRequest.ts',
]

const tests = ['**/*.test.ts', '**/*.test-d.ts']
const portable = Object.keys(mayImport).map((name) => `packages/${name}/src/**/*.ts`)

const nodeGlobals = Object.fromEntries(
  [
    'AbortController AbortSignal Buffer Headers Request Response TextDecoder TextEncoder URL URLSearchParams',
    'clearTimeout console crypto fetch performance process queueMicrotask setTimeout structuredClone',
  ]
    .flatMap((names) => names.split(' '))
    .map((name) => [name, 'readonly']),
)

/** A path that may lead out of the package: `../` stands once at most, from internal/ to src/. */
const wandering = {
  regex: '^\\.{1,2}/(?:.*/)?\\.{0,2}/',
  message: 'A package reaches another one by its name, never by a path.',
}

/** The forbidden imports of one package, with the libraries that a file of it may use. */
const imports = (name, libraries = []) => {
  const except = (names) => names.map((one) => `(?!${one}(?:/|$))`).join('')
  const siblings = mayImport[name]
  return {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(?!\\.|@genauth-oidc/)${except(libraries)}`,
            message: 'No Node built-in and no library here: packages run everywhere and ship only what is used.',
          },
          {
            regex: `^@genauth-oidc/${except(siblings)}`,
            message: `${name} may import ${siblings.join(', ') || 'no other package'}: see mayImport in eslint.config.js.`,
          },
          {
            regex: '^@genauth-oidc/[^/]+/?$',
            message: 'Import a function by its own subpath: the barrel loads the whole package.',
          },
          wandering,
          { regex: '^\\.{1,2}(?:/.*)?/index\\.js$', message: 'Import the file that has it, not the barrel.' },
          { regex: '^\\.(?!.*\\.js$)', message: 'Specifiers end in .js, as the files in dist do.' },
        ],
      },
    ],
  }
}

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'A named export is called the same everywhere.',
}
const noEnum = { selector: 'TSEnumDeclaration', message: 'A union of literals leaves nothing behind at run time.' }
const noNamespace = {
  selector: 'TSModuleDeclaration[kind!="global"][id.type="Identifier"]',
  message: 'A module is a namespace already.',
}
const noClass = { selector: ':matches(ClassDeclaration, ClassExpression)', message: 'Functions and plain data only.' }
const noModuleVariable = {
  selector: ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind!="const"]',
  message: 'State that outlives a call mixes up the users of a server.',
}
// The rule about imports looks at statements only.
const noImportExpression = {
  selector: ':matches(ImportExpression, TSImportType)',
  message: 'Import by a statement: who may import whom is judged by those.',
}
const noFetch = {
  selector:
    ':matches(MemberExpression > .property, ObjectPattern > Property > .key):matches([name="fetch"], [value="fetch"])',
  message: '`request` of core sends: over https, within a time limit, without following a redirect.',
}
const reading = '/^(arrayBuffer|blob|bytes|formData|getReader|json|pipeThrough|pipeTo|tee|text)$/'
const noReading = {
  selector: `CallExpression > MemberExpression.callee > .property:matches([name=${reading}], [value=${reading}]), ForOfStatement[await=true]`,
  message: '`readText` of core reads a body, and counts it while it comes.',
}
const exported = { contexts: ['ExportNamedDeclaration > FunctionDeclaration'] }
const syntax = (...selectors) => ({ 'no-restricted-syntax': ['error', ...selectors] })

const apart = 'The emulator stands apart: what is tested with it may not be in it.'

const portableSyntax = [
  noDefaultExport,
  noEnum,
  noNamespace,
  noClass,
  noModuleVariable,
  noImportExpression,
  noFetch,
  noReading,
]
const mayDo = { 'core/src/OidcError.ts': [noClass] }
for (const file of mayFetch) (mayDo[file] ??= []).push(noFetch)
for (const file of mayRead) (mayDo[file] ??= []).push(noReading)

export default tseslint.config(
  { ignores: ['packages/*/dist/', '**/coverage/', '.cache/', '**/node_modules/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  js.configs.recommended,
  {
    rules: {
      'no-empty': ['error', { allowEmptyCatch: true }],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Use randomString.' }],
      ...syntax(noDefaultExport),
    },
  },
  { files: ['**/*.mjs', '*.js'], languageOptions: { globals: nodeGlobals } },

  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...syntax(noDefaultExport, noEnum, noNamespace),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A config may be written by hand and a runtime may lack what its types promise: such conditions are the point.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `=== true` says that a value which came from outside is compared, not just tested.
      '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'off',
      // An async function turns what it throws into a rejection, with or without an await in it.
      '@typescript-eslint/require-await': 'off',
      // An empty rejection is how a race is ended whose reason is known already.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowEmptyReject: true }],
      // One signature for each kind of config reads better than their union, and its errors name one kind.
      '@typescript-eslint/unified-signatures': 'off',
      // Streams, requests and headers have other types on every runtime.
      ...Object.fromEntries(
        ['argument', 'assignment', 'call', 'member-access', 'return'].map((what) => [
          `@typescript-eslint/no-unsafe-${what}`,
          'off',
        ]),
      ),
      // Replaced by the rules below, which leave room for `declare global`.
      '@typescript-eslint/no-namespace': 'off',
    },
  },
  {
    files: ['**/*.test.ts', '**/*.test-d.ts', 'tests/**/*.ts'],
    rules: {
      // Doubles are handed around, and the switches that other libraries mark as dangerous serve on loopback.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },

  {
    files: ['packages/*/src/**/*.ts'],
    ignores: tests,
    plugins: { 'import-x': importX, jsdoc },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [
        createNodeResolver({
          conditionNames: ['genauth-source', 'types', 'import', 'default'],
          extensionAlias: { '.js': ['.ts', '.js'] },
        }),
      ],
      jsdoc: { mode: 'typescript' },
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-self-import': 'error',
      'import-x/no-unresolved': 'error',
      'jsdoc/check-alignment': 'error',
      'jsdoc/check-param-names': ['error', { checkDestructured: false }],
      'jsdoc/check-tag-names': ['error', { typed: true }],
      'jsdoc/empty-tags': 'error',
      'jsdoc/no-types': 'error',
      'jsdoc/require-description': 'error',
      'jsdoc/require-hyphen-before-param-description': 'error',
      'jsdoc/require-param-description': 'error',
      'jsdoc/require-param-name': 'error',
      'jsdoc/require-returns-description': 'error',
    },
  },
  {
    // What an application can import.
    files: ['packages/*/src/*.ts'],
    ignores: tests,
    rules: {
      // What gives a promise never throws beside it.
      '@typescript-eslint/promise-function-async': ['error', { checkArrowFunctions: false }],
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { FunctionDeclaration: true, ArrowFunctionExpression: true, FunctionExpression: true },
          contexts: [
            'ExportNamedDeclaration > TSInterfaceDeclaration',
            'ExportNamedDeclaration > TSTypeAliasDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
        },
      ],
      'jsdoc/require-param': ['error', { ...exported, checkDestructured: false, checkDestructuredRoots: false }],
      'jsdoc/require-returns': ['error', exported],
    },
  },

  {
    files: portable,
    ignores: tests,
    rules: {
      ...syntax(...portableSyntax),
      // Empty global interfaces are how types do without the DOM lib.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'always' }],
      'no-restricted-globals': [
        'error',
        // There on some runtimes only.
        ...'Buffer XMLHttpRequest document global localStorage process require self window'.split(' '),
        // Where it is missing, its bare name throws: even who may name it takes it from globalThis.
        { name: 'fetch', message: noFetch.message },
      ],
    },
  },
  ...Object.entries(mayDo).map(([file, allowed]) => ({
    files: [`packages/${file}`],
    rules: syntax(...portableSyntax.filter((one) => !allowed.includes(one))),
  })),

  ...Object.keys(mayImport).map((name) => ({
    files: [`packages/${name}/src/**/*.ts`],
    ignores: tests,
    rules: imports(name),
  })),
  ...Object.entries(mayUse).map(([file, libraries]) => ({
    files: [`packages/${file}`],
    rules: imports(file.split('/')[0], libraries),
  })),
  {
    files: ['packages/emulator/src/**/*.ts'],
    ignores: tests,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@genauth-oidc/',
              message: apart,
            },
            wandering,
          ],
        },
      ],
      ...syntax(noDefaultExport, noEnum, noNamespace, {
        selector: ':matches(ImportExpression, TSImportType)[source.value=/^@genauth-oidc/]',
        message: apart,
      }),
    },
  },

  { files: ['eslint.config.js', '**/*.config.ts', '*.base.ts', '*.workspace.ts'], rules: syntax(noEnum) },
)
