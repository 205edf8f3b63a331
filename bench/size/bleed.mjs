// What must not be in a bundle, and what must: a function ships what it needs and nothing of its neighbours.
import { withEsbuild, withRollup } from '../internal/bundle.mjs'
import { packages } from './rows.mjs'
import { bundleBoth, publicFunctions } from './weigh.mjs'

/** The only functions that may bring a library along. */
const mayBring = {
  'core/defineConfig': ['valibot'],
  'core/extendConfig': ['valibot'],
  'core/discover': ['valibot'],
  'core/transport': ['ofetch', 'ufo', 'destr'],
  'fapi/decryptJwt': ['jose'],
  // It comes in several small packages.
  'fapi/parseCasXml': [
    'fast-xml-parser',
    '@nodable/entities',
    'path-expression-matcher',
    'is-unsafe',
    'strnum',
    'anynum',
    'xml-naming',
  ],
}

/** A word of the wire, the function in which it has to stand (else the word is stale), and those that have no use for it. */
const words = [
  {
    word: 'code_verifier',
    home: 'tokens/getAccessTokenByCode',
    not: /^(pkce|verify)\/|revoke|introspect|UserInfo|ClientCredentials|Refresh|validateToken|readCallback|Logout|seal|open/,
  },
  {
    word: 'grant_type',
    home: 'tokens/getNewAccessTokenByRefreshToken',
    not: /^(pkce|urls|verify)\/|revoke|introspect|UserInfo|validateToken|seal|open/,
  },
  { word: 'client_secret', home: 'tokens/revokeToken', not: /^(pkce|verify)\/|readCallback|Logout|UserInfo|seal|open/ },
  {
    word: 'at_hash',
    home: 'verify/verifyIdToken',
    not: /^(core|pkce|urls)\/|revoke|introspect|UserInfo|ClientCredentials|validateToken|AccessToken$|LogoutToken|seal|open/,
    except: /ByRefreshToken|verifyAccessToken/,
  },
  { word: 'RSASSA-PKCS1-v1_5', home: 'verify/verifyIdToken', not: /^(core|pkce|urls|tokens)\/|beginLogin|seal|open/ },
  { word: 'AES-GCM', home: 'login/seal', not: /^(core|pkce|urls|tokens|verify)\/|(begin|complete|refresh)Login/ },
  {
    word: 'AbortController',
    home: 'tokens/revokeToken',
    not: /^(pkce|urls)\/|beginLogin|defineConfig|extendConfig|seal|open/,
  },
  {
    word: 'post_logout_redirect_uri',
    home: 'urls/buildLogoutUrl',
    not: /^(core|pkce|verify|tokens|login)\/|readCallback|buildAuthorizeUrl/,
  },
]

const isOwn = (owner) => owner.startsWith('@genauth-oidc/')

/** A build of esbuild that believes no package.json's word on side effects: what is left has some. */
async function leftovers(code, { folder, conditions }) {
  const distrust = {
    name: 'distrust',
    setup(builder) {
      builder.onResolve({ filter: /^(@genauth-oidc\/|\.)/ }, async ({ path, pluginData, ...from }) => {
        if (pluginData == 'asked') return
        const found = await builder.resolve(path, { ...from, pluginData: 'asked' })
        return { ...found, sideEffects: true }
      })
    },
  }
  return (await withEsbuild(code, { folder, conditions, plugins: [distrust] })).code
}

/**
 * Looks into the bundle of every public function.
 *
 * @param options - where to bundle from
 * @param bundles - those of all functions, as `weighAll` gives them
 * @returns `{ checked, problems }`
 */
export async function findBleed(options, bundles) {
  const problems = []
  let checked = 0
  const check = (holds, problem) => {
    checked++
    if (!holds) problems.push(problem)
  }

  const functions = publicFunctions()
  const seen = {}
  for (const { pkg, name, file } of functions) {
    const id = `${pkg}/${name}`
    const { bundle } = bundles[id]
    seen[id] = bundle
    const foreign = [...new Set(bundle.inputs.map(({ owner }) => owner))].filter((owner) => !isOwn(owner))
    // So the everyday bundles are the same to the byte, whether fapi is there or not.
    check(
      pkg == 'fapi' || bundle.inputs.every(({ owner }) => owner != '@genauth-oidc/fapi'),
      `${id} brings along code of fapi`,
    )
    const allowed = mayBring[`${pkg}/${file}`] ?? []
    check(
      foreign.every((owner) => allowed.includes(owner)),
      `${id} brings along ${foreign.join(', ')}`,
    )
    if (!allowed.includes('oauth4webapi'))
      for (const tool of ['esbuild', 'rollup'])
        check(!/oauth4webapi/.test(bundle[tool]), `${id} names oauth4webapi in the bundle of ${tool}`)
    // The barrel must cost nothing: the same code comes out, up to the names that a minifier picks.
    const barrel = `export { ${name} } from '@genauth-oidc/${pkg}'`
    const through = { esbuild: (await withEsbuild(barrel, options)).code }
    if (!functions.some((one) => one.pkg == pkg && seen[`${pkg}/${one.name}`] && one.name != name))
      through.rollup = (await withRollup(barrel, options)).code
    for (const [tool, { length }] of Object.entries(through))
      check(
        length - bundle[tool].length < 16 + bundle[tool].length / 100,
        `${id} through the barrel has ${length} bytes in the bundle of ${tool}, ${bundle[tool].length} by its subpath`,
      )
  }

  for (const [id, libraries] of Object.entries(mayBring)) {
    const bundle = await bundleBoth(`export * from '@genauth-oidc/${id}'`, options)
    check(
      bundle.inputs.some(({ owner }) => libraries.includes(owner)),
      `${id} brings none of ${libraries.join(', ')}: it needs no exception any more`,
    )
  }

  for (const { word, home, not, except } of words) {
    check(
      seen[home]?.esbuild.includes(word) && seen[home].rollup.includes(word),
      `${home} does not hold "${word}": what looks for it elsewhere would prove nothing`,
    )
    for (const [id, bundle] of Object.entries(seen)) {
      if (id == home || !not.test(id) || except?.test(id)) continue
      for (const tool of ['esbuild', 'rollup'])
        check(!bundle[tool].includes(word), `${id} holds "${word}" in the bundle of ${tool}`)
    }
  }

  const specifiers = packages.flatMap((pkg) => [
    `@genauth-oidc/${pkg}`,
    ...functions.filter((one) => one.pkg == pkg).map(({ file }) => `@genauth-oidc/${pkg}/${file}`),
  ])
  const unused = [...new Set(specifiers)].map((specifier, i) => `import * as unused${i} from '${specifier}'`).join('\n')
  const bare = [...new Set(specifiers)].map((specifier) => `import '${specifier}'`).join('\n')
  for (const [what, code] of Object.entries({ 'unused imports': unused, 'bare imports': bare })) {
    const left = {
      esbuild: (await withEsbuild(code, options)).code,
      rollup: (await withRollup(code, options)).code,
      'esbuild, which is not told that there are no side effects,': await leftovers(code, options),
    }
    for (const [tool, text] of Object.entries(left))
      check(text.length == 0, `${what} of all packages leave ${text.length} bytes with ${tool}: ${text.slice(0, 80)}`)
  }
  return { checked, problems }
}
