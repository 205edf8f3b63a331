// What the parts cost: the same bundle once more without them. Parts overlap (two that share a helper both seem to own
// it), so the figures do not add up.
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { weigh, withEsbuild } from '../internal/bundle.mjs'

/** A part that is not a module of its own: what has to be edited away in the built files. */
export const features = []

const own = /@genauth-oidc[\\/]([^\\/]+)[\\/]dist[\\/](.*\.js)$/

/** Lets `change(code, 'package/file.js')` rewrite our own files on their way into the bundle. */
const rewriting = (change) => ({
  name: 'rewriting',
  setup(builder) {
    builder.onLoad({ filter: own }, ({ path }) => {
      const [, pkg, file] = own.exec(path)
      return { contents: change(readFileSync(path, 'utf8'), `${pkg}/${file}`), loader: 'js' }
    })
  },
})

const bundled = async (code, folder, change) =>
  weigh((await withEsbuild(code, { folder, plugins: [rewriting(change)] })).code).brotli

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
  return names.map((name) => `export const ${name} = () => {}`).join('\n')
}

/** Prose: words with blanks between, and not the few constants of the protocols that look like it. */
const isProse = (text) =>
  /[a-z]{2,}[,:]? [a-z(]/i.test(text) && !/^(openid |code |id_token |genauth-oidc |v1 )/.test(text)

/** The code with every text that is meant for people emptied. */
function speechless(code) {
  const file = ts.createSourceFile('file.js', code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS)
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
export async function costOfMessages(code, folder) {
  const whole = await bundled(code, folder, (text) => text)
  return { whole, cost: whole - (await bundled(code, folder, speechless)) }
}

/**
 * What each of our modules costs in a bundle: what is saved when it is empty, with all that only it needs.
 *
 * @param inputs - the bundle's files, from the metafile
 */
export async function costOfModules(code, folder, inputs) {
  const whole = await bundled(code, folder, (text) => text)
  const costs = []
  for (const { owner, file } of inputs) {
    if (!owner.startsWith('@genauth-oidc/')) continue
    const name = `${owner.slice('@genauth-oidc/'.length)}/${file.replace(/^dist\//, '')}`
    costs.push({ name, cost: whole - (await bundled(code, folder, (text, at) => (at == name ? emptied(text) : text))) })
  }
  return costs.sort((a, b) => b.cost - a.cost)
}

/**
 * What the features of the list above cost.
 *
 * @returns for each its cost by row; `stale` names those whose code is not found any more
 */
export async function costOfFeatures(rows, folder) {
  const wholes = await Promise.all(rows.map(({ code }) => bundled(code, folder, (text) => text)))
  const stale = []
  const costs = []
  for (const { name, edits } of features) {
    const found = new Set()
    const change = (text, at) => {
      for (const { file, from, to } of edits) {
        if (file != at) continue
        const next = typeof from == 'string' ? text.replace(from, () => to) : text.replace(from, to)
        if (next != text) found.add(`${file} ${from}`)
        text = next
      }
      return text
    }
    const cells = []
    for (const [i, { code }] of rows.entries()) cells.push(wholes[i] - (await bundled(code, folder, change)))
    if (found.size < edits.length) stale.push(name)
    else costs.push({ name, cells })
  }
  return { costs, stale }
}
