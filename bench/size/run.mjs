// The size bench: weighs our packages, packed and installed, and the peers beside them, and writes docs/size.md.
//
//   npm run bench:size               everything
//   npm run bench:size -- --source   only ours, from the sources, printed: for quick rounds
import { readFileSync } from 'node:fs'
import { applications, floor, peers } from '../peers/applications.mjs'
import { machine, today, versions } from '../internal/machine.mjs'
import { installOurs, installPeers } from '../internal/packed.mjs'
import { chart, number, table, writeChart, writeReport } from '../internal/report.mjs'
import { costOfFeatures, costOfMessages, costOfModules } from './features.mjs'
import { rows } from './rows.mjs'
import { fromSource, weighAll, weighBoth } from './weigh.mjs'

const three = ({ min, gzip, brotli }) => `${number(min)} / ${number(gzip)} / **${number(brotli)}**`
const distance = (most, goal) => (most > goal ? `${number(most - goal)} over` : `${number(goal - most)} to spare`)

function printDistances(weights) {
  let reached = 0
  for (const [name, { esbuild, rollup, most, goal }] of Object.entries(weights)) {
    if (most <= goal) reached++
    console.log(
      `  ${name.padEnd(36)} esbuild ${String(esbuild.brotli).padStart(5)}  rollup ${String(rollup.brotli).padStart(5)}  goal ${String(goal).padStart(5)}  ${distance(most, goal)}`,
    )
  }
  console.log(`  ${reached} of ${Object.keys(weights).length} goals are reached.`)
}

if (process.argv.includes('--source')) {
  const { rows: weights } = await weighAll(fromSource)
  console.log('Brotli bytes, from the sources:')
  printDistances(weights)
  for (const [name, { inputs }] of Object.entries(weights))
    console.log(
      `\n  ${name}: ${inputs.map(({ owner, file, bytes }) => `${owner.replace('@genauth-oidc/', '')}/${file.replace(/^(src|dist)\//, '')} ${bytes}`).join(', ')}`,
    )
  process.exit(0)
}

console.log('Building, packing and installing our packages, and installing the peers')
const peersFolder = await installPeers()
const { folder, remove } = await installOurs()
try {
  console.log('Weighing ours')
  const ours = await weighAll({ folder })
  // What is published is merged into few files; what is in a bundle is told by the sources.
  const sources = await weighAll(fromSource)
  console.log('Weighing the peers')
  const theirs = {}
  for (const key of Object.keys(rows)) {
    theirs[key] = floor[key] ? { floor: await weighBoth(floor[key], { folder: peersFolder }) } : {}
    for (const peer of peers) {
      const application = applications[key]?.[peer]
      if (!application) continue
      const { code = application, unchecked = false } = application
      theirs[key][peer] = { unchecked, ...(await weighBoth(code, { folder: peersFolder })) }
    }
  }
  console.log('Weighing the parts')
  const partRows = [rows.code, rows.verify, rows.login]
  const { costs, stale } = await costOfFeatures(partRows)
  const messages = await Promise.all(Object.values(rows).map(({ code }) => costOfMessages(code)))
  const modules = await costOfModules(rows.login.code, sources.rows[rows.login.name].inputs)

  const { tools, peers: peerVersions } = versions()
  const names = Object.keys(rows)
  const inRow = (key) => ours.rows[rows[key].name]
  const sizes = (from, cells) => cells.map((cell) => from[cell])
  const peerCell = (key, peer) => {
    const weight = theirs[key][peer]
    return weight && weight.most ? `${number(weight.most)}${weight.unchecked ? ' †' : ''}` : ''
  }
  const shown = ['floor', ...peers].filter((peer) => names.some((key) => theirs[key][peer]))
  const describe = ({ inputs }) => {
    const byOwner = {}
    for (const { owner, bytes } of inputs) byOwner[owner] = (byOwner[owner] ?? 0) + bytes
    return Object.entries(byOwner)
      .sort((a, b) => b[1] - a[1])
      .map(([owner, bytes]) => `${owner.replace('@genauth-oidc/', '')} ${number(bytes)}`)
      .join(', ')
  }
  const largest = ({ inputs }) =>
    inputs
      .slice(0, 5)
      .map(({ file, bytes }) => `${file.replace(/^(src|dist)\/(internal\/)?|\.(m?js|ts)$/g, '')} ${number(bytes)}`)
      .join(', ')
  const purpose = (name) => {
    try {
      const text = readFileSync(new URL(`../../packages/${name.replace('/', '/src/')}`, import.meta.url), 'utf8')
      const [, main] = /([^/]+)\.ts$/.exec(name)
      // The doc comment of what the file is named after, else its last one; its first sentence.
      const before = text.split(new RegExp(`export (?:async )?(?:function|const) ${main}\\b`))[0]
      const comment = before
        .split('/**')
        .at(-1)
        .replace(/\s*\n? *\*\/?( |$)/gm, ' ')
      return (/^(.*?)[.:](?:\s|$)/s.exec(comment)?.[1] ?? comment).trim()
    } catch {
      return ''
    }
  }

  const missed = names.filter((key) => inRow(key).most > rows[key].goal)
  const summary = missed.length
    ? `${names.length - missed.length} of ${names.length} goals are reached; missed: ${missed.map((key) => `\`${rows[key].name}\` by ${number(inRow(key).most - rows[key].goal)}`).join(', ')}.`
    : `All ${names.length} goals are reached, in both bundlers.`

  await writeReport(
    'size.md',
    `# Size of what an application ships

<!-- Written by "npm run bench:size". -->

Measured on ${today()}. ${machine()}. Bundlers: ${tools.join(', ')}. Peers: ${peerVersions.join(', ')}.

Every figure is the size of a bundle that holds one application's imports and nothing else: our packages as \`pnpm pack\` makes them, installed into an empty project; platform browser, ES2022, minified, once by esbuild and once by Rollup and terser with their default settings. gzip is level 9, brotli is level 11. Settings (app id, addresses) are handed in at run time and not counted, for nobody.

## The rows of the budget

${summary} What counts is the larger of the two brotli figures.

![Brotli bytes by row](size-rows.svg)

${table(
  ['import', 'esbuild: min / gzip / brotli', 'Rollup + terser: min / gzip / brotli', 'goal', 'distance'],
  names.map((key) => {
    const { esbuild, rollup, most, goal } = inRow(key)
    return [`\`${rows[key].name}\``, three(esbuild), three(rollup), number(goal), distance(most, goal)]
  }),
)}

## The same work with others

Brotli bytes, the larger of the two bundles. † no claim of an ID token is checked. The floor is written by hand and checks nothing at all. \`oauth4webapi\` and \`openid-client\` leave out checks that ours make (\`at_hash\`, the signature outside of the login row, HS256 altogether); \`jose\` is asked for the signature and the claims with a remote key set.

![Brotli bytes of a login](size-login.svg)

${table(
  ['work', 'ours', ...shown.map((peer) => (peer == 'floor' ? 'floor' : peer))],
  names.map((key) => [
    `\`${rows[key].name}\``,
    `**${number(inRow(key).most)}**`,
    ...shown.map((peer) => peerCell(key, peer)),
  ]),
)}

<details>
<summary>All figures of the peers</summary>

${table(
  ['work', 'library', 'esbuild: min / gzip / brotli', 'Rollup + terser: min / gzip / brotli'],
  names.flatMap((key) =>
    shown
      .filter((peer) => theirs[key][peer]?.most)
      .map((peer) => [`\`${rows[key].name}\``, peer, ...sizes(theirs[key][peer], ['esbuild', 'rollup']).map(three)]),
  ),
)}

</details>

## What is bought with the bytes

Brotli bytes that the bundle loses without the part. Here the sources are weighed, by esbuild alone, so a whole is some bytes off the rows above, where the packed packages and the larger of two bundles count. Parts that share a helper both seem to own it, so the lines do not add up.

${table(
  ['feature', ...partRows.map(({ name }) => `\`${name}\``)],
  costs.map(({ name, cells }) => [name, ...cells.map(number)]),
)}

Texts for people: what each bundle would save if every error had a code and fields, but no words.

${table(
  ['import', 'brotli', 'of it words'],
  names.map((key, i) => [`\`${rows[key].name}\``, number(messages[i].whole), number(messages[i].cost)]),
)}

The modules of \`${rows.login.name}\`, each with all that only it needs:

${table(
  ['module', 'bytes', 'what for'],
  modules
    .filter(({ cost }) => cost >= 40)
    .map(({ name, cost }) => [`\`${name.replace(/\.ts$/, '')}\``, number(cost), purpose(name)]),
).replace('| --: | --: |', '| --: | --- |')}

## Every function alone

With what is in its bundle: minified bytes by package, and the five largest files (esbuild's metafile).

${table(
  ['function', 'esbuild: min / gzip / brotli', 'Rollup + terser: min / gzip / brotli', 'packages', 'largest files'],
  Object.entries(ours.functions).map(([name, weight]) => [
    `\`${name}\``,
    three(weight.esbuild),
    three(weight.rollup),
    describe(sources.functions[name]),
    largest(sources.functions[name]),
  ]),
).replace('| --: | --: | --: | --: |', '| --: | --: | --- | --- |')}
`,
  )
  const bars = (key, only) =>
    [
      ['ours', inRow(key).most, true],
      ...only.map((peer) => [theirs[key][peer]?.unchecked ? `${peer} †` : peer, theirs[key][peer]?.most, false]),
    ]
      .filter(([, value]) => value)
      .map(([name, value, isOurs]) => ({ name, value, label: `${number(value)} B`, ours: isOurs }))
  writeChart(
    'size-rows.svg',
    chart(
      'Brotli bytes by row, larger of both bundlers; the line is the goal',
      names.map((key) => ({
        name: rows[key].name,
        bars: bars(key, ['oauth4webapi', 'openid-client', 'jose']),
        mark: rows[key].goal,
      })),
    ),
  )
  writeChart(
    'size-login.svg',
    chart(
      'A whole login, brotli bytes, logarithmic; † no claim of the ID token is checked',
      [{ name: 'Sign-in link, callback, tokens, user info', bars: bars('login', peers) }],
      { log: true },
    ),
  )
  console.log('Brotli bytes, from the packed packages:')
  printDistances(ours.rows)
  if (stale.length) {
    console.error(
      `Not found in the code any more, so not in the report: ${stale.join(', ')}. See bench/size/features.mjs.`,
    )
    process.exitCode = 1
  }
} finally {
  remove()
}
