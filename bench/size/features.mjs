// What the parts cost: the same bundle once more without them. Parts overlap (two that share a helper both seem to own
// it), so the figures do not add up.
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { weigh, withEsbuild } from '../internal/bundle.mjs'
import { fromSource } from './weigh.mjs'

/**
 * The features that are weighed, as edits of the sources: `to` in the place of `from`, or of the whole module. What
 * stands there instead does the least that still works for a well-behaved server and caller.
 */
export const features = [
  {
    name: 'Time limit, signal, refusal of redirects, size limit, and network errors by kind',
    edits: [
      {
        file: 'core/request.ts',
        to: `export async function request(config, endpoint, url, init, options) {
  const { status, headers, text } = await (options?.fetch ?? config.fetch ?? fetch)(url.href, init)
  return { status, headers, text: await text() }
}`,
      },
    ],
  },
  {
    name: 'Size limit while reading, and strict UTF-8',
    edits: [
      { file: 'core/readText.ts', to: 'export const readText = async (message) => ({ text: await message.text() })' },
    ],
  },
  {
    name: "A server's words cleaned and freed of what was sent",
    edits: [{ file: 'core/clean.ts', to: 'export const clean = (text) => text' }],
  },
  {
    name: 'https, and http on loopback only',
    edits: [
      {
        file: 'core/secureUrl.ts',
        to: `export const secureUrl = (value) => new URL(value)\nexport const httpsRule = ''`,
      },
    ],
  },
  {
    name: 'client_secret_basic, plug-in methods, one method for each endpoint',
    edits: [
      {
        file: 'core/authenticate.ts',
        to: `export async function authenticate(config, at, url, form) {
  form.set('client_id', config.appId)
  if (config.secret) form.set('client_secret', typeof config.secret == 'function' ? await config.secret() : config.secret)
  return {}
}`,
      },
    ],
  },
  {
    name: 'The secret as a function, judged',
    edits: [{ file: 'core/readSecret.ts', to: 'export const readSecret = async ({ secret }) => secret' }],
  },
  {
    name: 'Comparing without an early exit',
    edits: [{ file: 'core/equal.ts', to: 'export const equal = (a, b) => a === b' }],
  },
  {
    name: 'base64url without leniency',
    edits: [{ file: 'verify/readJwt.ts', from: /const again = [\s\S]*?if \(again[^{]*\{/, to: 'if (base64) {' }],
  },
  {
    name: 'Claims of the ID token, its hashes apart',
    edits: [
      {
        file: 'verify/checkIdToken.ts',
        from: /const refuse = refuser\([\s\S]*?(?=\n {2}for \(const \[name, value)/,
        to: `const refuse = refuser('ID token')
  const jwt = readJwt(idToken, refuse)
  const { alg, claims } = jwt
  const { frontChannel, accessToken, code, state } = expected
  const rules = {}`,
      },
    ],
  },
  {
    name: 'at_hash, c_hash, s_hash',
    edits: [
      {
        file: 'verify/checkIdToken.ts',
        from: /\n {2}for \(const \[name, value[\s\S]*?(?=\n {2}uphold\()/,
        to: '',
      },
    ],
  },
  {
    name: 'exp, iat, nbf, auth_time with tolerance and maxAge',
    edits: [{ file: 'verify/checkTimes.ts', to: 'export const checkTimes = () => ({})' }],
  },
  {
    name: 'The signature, all algorithms, with the keys of the provider',
    edits: [{ file: 'verify/checkSignature.ts', to: 'export const checkSignature = async () => {}' }],
  },
  {
    name: 'PS, ES and Ed25519 beside RS and HS',
    edits: [
      { file: 'verify/checkSignature.ts', from: /\n *(PS|ES|Ed): \[.*/g, to: '' },
      { file: 'verify/checkSignature.ts', from: /, saltLength: bits \/ 8, namedCurve: curve/, to: '' },
    ],
  },
  {
    name: 'Keys kept, fetched once for all who wait, again when one is missing, used on when the server is down',
    edits: [
      {
        file: 'verify/internal/keys.ts',
        to: `import { ask } from '@genauth-oidc/core/ask'
import { endpoint } from '@genauth-oidc/core/endpoint'
export const keys = (config, options, fits) =>
  ask(config, 'jwks', endpoint(config, 'jwks', '.well-known/jwks.json'), () => ({}), options, ({ keys }) => keys.find(fits))`,
      },
    ],
  },
  {
    name: 'DPoP handles',
    edits: [
      { file: 'core/ask.ts', from: /const dpop = options\??\.dpop as Prover \| undefined/, to: 'const dpop: any = 0' },
      { file: 'core/ask.ts', from: /\n.*(?:dpop\?\.(?:addProof|cacheNonce)|use_dpop_nonce).*/g, to: '' },
      { file: 'core/ask.ts', from: /dpop \? 'DPoP' : 'Bearer'/, to: `'Bearer'` },
    ],
  },
]

const own = /packages[\\/]([^\\/]+)[\\/]src[\\/](.*\.ts)$/

/** Lets `change(code, 'package/file.ts')` rewrite our own sources on their way into the bundle. */
const rewriting = (change) => ({
  name: 'rewriting',
  setup(builder) {
    builder.onLoad({ filter: own }, ({ path }) => {
      const [, pkg, file] = own.exec(path)
      return { contents: change(readFileSync(path, 'utf8'), `${pkg}/${file.replaceAll('\\', '/')}`), loader: 'ts' }
    })
  },
})

const bundled = async (code, change) =>
  weigh((await withEsbuild(code, { ...fromSource, plugins: [rewriting(change)] })).code).brotli

/** The module with the same exports, none of which does anything. */
function emptied(code) {
  const names = [...code.matchAll(/^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm)].map(([, name]) => name)
  for (const [, list] of code.matchAll(/^export \{([^}]*)\}/gm))
    names.push(
      ...list
        .split(',')
        .map((name) => name.trim().replace(/^.* as /, ''))
        .filter(Boolean),
    )
  return [...new Set(names)].map((name) => `export const ${name} = () => {}`).join('\n')
}

/** Prose: words with blanks between, and not the few constants of the protocols that look like it. */
const isProse = (text) =>
  /[a-z]{2,}[,:]? [a-z(]/i.test(text) && !/^(openid |code |id_token |genauth-oidc |v1 )/.test(text)

/** The code with every text that is meant for people emptied. */
function speechless(code) {
  const file = ts.createSourceFile('file.ts', code, ts.ScriptTarget.ES2022, true)
  const cuts = []
  const visit = (node) => {
    const isText =
      ts.isStringLiteral(node) ||
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    if (isText && isProse(node.text)) {
      const closes = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) ? 2 : 1
      cuts.push([node.getStart(file) + 1, node.getEnd() - closes])
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  for (const [start, end] of cuts.reverse()) code = code.slice(0, start) + code.slice(end)
  return code
}

/**
 * What human messages cost in a bundle.
 *
 * @returns brotli bytes with, and without
 */
export async function costOfMessages(code) {
  const whole = await bundled(code, (text) => text)
  return { whole, cost: whole - (await bundled(code, speechless)) }
}

/**
 * What each of our modules costs in a bundle: what is saved when it is empty, with all that only it needs.
 *
 * @param inputs - the bundle's files, from the metafile
 */
export async function costOfModules(code, inputs) {
  const whole = await bundled(code, (text) => text)
  const costs = []
  for (const { owner, file } of inputs) {
    if (!owner.startsWith('@genauth-oidc/')) continue
    const name = `${owner.slice('@genauth-oidc/'.length)}/${file.replace(/^src\//, '')}`
    costs.push({ name, cost: whole - (await bundled(code, (text, at) => (at == name ? emptied(text) : text))) })
  }
  return costs.sort((a, b) => b.cost - a.cost)
}

/**
 * What the features of the list above cost.
 *
 * @returns for each its cost by row; `stale` names those whose code is not found any more
 */
export async function costOfFeatures(rows) {
  const wholes = await Promise.all(rows.map(({ code }) => bundled(code, (text) => text)))
  const stale = []
  const costs = []
  for (const { name, edits } of features) {
    const found = new Set()
    const change = (text, at) => {
      for (const { file, from, to } of edits) {
        if (file != at) continue
        const next = from ? text.replace(from, to) : to
        if (next != text) found.add(`${file} ${from}`)
        text = next
      }
      return text
    }
    const cells = []
    for (const [i, { code }] of rows.entries()) cells.push(wholes[i] - (await bundled(code, change)))
    if (found.size < edits.length) stale.push(name)
    else costs.push({ name, cells })
  }
  return { costs, stale }
}
