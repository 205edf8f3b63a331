import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { peers, type ModuleResult, type Results, type Verdict, type Verdicts } from './collectResults.js'
import { nameOf, wayOf } from './profiles.js'
import type { AnyModule, Module, Variant } from './types.js'

const root = new URL('../../../', import.meta.url)

/** Where the report stands. */
export const reportUrl = new URL('docs/conformance.md', root)

const peerNames = peers.map(({ name }) => name)

const versionOf = (name: string) => {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, root), 'utf8')) as {
    version: string
  }
  return `${name} ${version}`
}

/** Writes the results down, as Markdown. All of them have to have passed. */
export async function renderReport({ modules, left, profiles, support }: Results): Promise<string> {
  const own = modules.filter(({ module }) => module.profiles.includes('Own'))
  const fapi = modules.filter(({ module }) => module.profiles.some((profile) => profile.startsWith('FAPI')))
  const suite = modules.filter((result) => !own.includes(result) && !fapi.includes(result))
  const total = modules.reduce((all, { runs }) => all + runs, 0)
  const different = modules.filter(({ module, peers }) => peerNames.some((name) => differs(module, peers[name])))
  const ways = [...new Set(support.ours?.map((variant) => wayOf(variant)))]
  const algsOf = (name: string, way: string) =>
    (support[name] ?? [])
      .filter((variant) => wayOf(variant) === way)
      .map(({ alg }) => alg)
      .join(', ') || '–'

  const text = `# Conformance

**${total} of ${total} runs pass**: ${suite.length} modules modelled on the relying-party tests of the OpenID conformance suite, ${fapi.length} on its FAPI 2 tests of clients, and ${own.length} of our own, each in every response type, response mode and algorithm for which it has a meaning. ${left.length} more modules of the suite do not apply; the last table says why.

This is no run of the suite itself, and no certification. The page is written by \`npm run conformance\`, which writes nothing as long as one of our runs fails, and a test compares it with what the command would write.

A provider on loopback misbehaves by name. It signs its tokens and has keys, metadata, an authorization, a token, a user info and an end-session endpoint. It is strict with the client: a request that the standards forbid, a code used twice, a token in a query or an extra request fails the run. "Refuses" in our column means this very error, and that nothing was asked of the provider after what was wrong had come: a bad callback leads to no token request, a bad token answer to no request for user info, and bad claims to no request for keys.

We go through \`discover\`, \`beginLogin\`, \`completeLogin\`, \`refreshLogin\`, \`getUserInfoByAccessToken\`, \`buildLogoutUrl\`, \`readCallback\` and \`verifyLogoutToken\`, and where a module calls for it through \`registerClient\`, \`getSignedUserInfo\`, \`useMtlsEndpoints\`, \`readFrontChannelLogout\`, \`PrivateKeyJwt\`, \`pushAuthorizationRequest\`, \`createDpop\` and \`readSignedCallback\`. ${peerNames.map(versionOf).join(' and ')} run against the same provider, used as their documentation says, with state, nonce and PKCE in every sign-in and every check that a parameter asks for. In their columns:

- A dash says that there is no function for it, or why it was not asked. Where a cell names no response type or algorithm, it speaks of all that the client can sign in with.
- **accepts\\*** says that it refuses once its switch for signatures is turned on. Neither of them looks at the signature of an ID token from the token endpoint, or of signed user info, by default: OIDC Core section 3.1.3.7 allows that a client trusts TLS instead. Neither of them checks HS256, with or without the switch.
- Bold is what we do not do. Not all of it breaks a standard: several rules of ours are stricter than any demands.

## By profile

A case is a module in one response type and mode. It runs with HS256, RS256 and ES256, or with those that its rule is about; in FAPI 2 with PS256 and ES256.

${table(
  ['profile', 'cases', 'runs'],
  profiles.map(({ profile, cases, runs }) => [profile === 'Own' ? 'our own' : profile, `${cases}`, `${runs}`]),
)}

## What can be signed in with at all

${table(
  ['response type and mode', 'we', ...peerNames],
  ways.map((way) => [way, ...['ours', ...peerNames].map((name) => algsOf(name, way))]),
)}

## Modelled on the suite

Names are the suite's, without \`oidcc-client-test-\`.

${suiteTable(suite)}

## Modelled on the FAPI 2 tests

Names are the suite's, without \`fapi2-security-profile-final-client-test-\`. Requests are pushed, the client authenticates with \`private_key_jwt\`, tokens are bound by DPoP, and the provider wants its nonce in each proof. With message signing, the answer of the authorization endpoint is signed too (JARM).

${suiteTable(fapi)}

## Rules of our own

${table(['module', 'what the provider does', 'runs', 'we', ...peerNames], own.map(rowOf))}

## Where they differ from us

${different.length} of ${modules.length} modules:

${different.map(({ module, peers }) => `- \`${shortName(module)}\`: ${module.provider} ${differencesInWords(module, peers)}`).join('\n')}

## What does not apply

${table(
  ['module', 'profiles', 'what the provider does', 'why it does not apply'],
  left.map((module) => [`\`${shortName(module)}\``, profilesInWords(module), module.provider, module.reason]),
)}
`
  const options = await resolveConfig(fileURLToPath(reportUrl))
  return format(text, { ...options, parser: 'markdown' })
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const suiteTable = (results: readonly ModuleResult[]) =>
  table(
    ['module', 'profiles', 'what the provider does', 'runs', 'we', ...peerNames],
    results.map((result) => {
      const [name = '', ...cells] = rowOf(result)
      return [name, profilesInWords(result.module), ...cells]
    }),
  )

const rowOf = ({ module, runs, peers }: ModuleResult) => [
  `\`${shortName(module)}\``,
  module.provider,
  `${runs}`,
  oursInWords(module),
  ...peerNames.map((name) => inWords(module, peers[name] ?? [])),
]

const shortName = ({ name }: AnyModule) =>
  name.replace(/^(oidcc-client-test-|fapi2-security-profile-final-client-test-|own-)/, '')

const profilesInWords = ({ profiles }: AnyModule) =>
  profiles
    .join(', ')
    .replace('Basic, Implicit, Hybrid', 'all sign-in')
    .replace('Form Post (Basic), Form Post (Implicit), Form Post (Hybrid)', 'all Form Post')

const oursInWords = ({ expected: { code, fields = {} }, eitherWay }: Module) => {
  const { check, reason, error, issues } = fields as Readonly<Record<string, string | undefined>> & {
    readonly issues?: readonly { readonly path: string }[]
  }
  const what = check ?? reason ?? error ?? issues?.[0]?.path
  return code ? `refuses: \`${code}\`, \`${what ?? ''}\`${eitherWay ? ` (${eitherWay})` : ''}` : 'accepts'
}

const wanted = ({ expected }: Module): Verdict => (expected.code ? 'refuses' : 'accepts')

const differs = (module: Module, verdicts: Verdicts = []) =>
  !module.eitherWay && verdicts.some(({ verdict }) => verdict !== wanted(module))

function differencesInWords(module: Module, peers: ModuleResult['peers']): string {
  const groups = new Map<string, string[]>()
  for (const name of peerNames) {
    if (!differs(module, peers[name])) continue
    const words = inWords(module, peers[name] ?? [])
    groups.set(words, [...(groups.get(words) ?? []), name])
  }
  return [...groups].map(([words, names]) => `${names.join(' and ')}: ${words}.`).join(' ')
}

/** Says which verdict was given where, in as few words as do. */
function inWords(module: Module, found: Verdicts): string {
  const all = found.map(({ variant }) => variant)
  const groups = (['accepts', 'accepts*', 'refuses'] as const).flatMap((verdict) => {
    const some = found.filter((one) => one.verdict === verdict).map(({ variant }) => variant)
    if (some.length === 0) return []
    const word = verdict.replace('*', '\\*')
    const bold = !module.eitherWay && verdict !== wanted(module)
    return [`${bold ? `**${word}**` : word}${whereInWords(some, all)}`]
  })
  return groups.join('; ') || (module.oursAlone ? `– (${module.oursAlone})` : '–')
}

function whereInWords(some: readonly Variant[], all: readonly Variant[]): string {
  const within = (name: keyof Variant) => new Set(some.map((variant) => variant[name]))
  const names = ['responseType', 'responseMode', 'alg'] as const
  const product = all.filter((variant) => names.every((name) => within(name).has(variant[name] as never)))
  // Not a matter of single features: then each is named.
  if (product.length !== some.length) return ` ${some.map(nameOf).join(' / ')}`
  return names
    .filter((name) => new Set(all.map((variant) => variant[name])).size > within(name).size)
    .map((name) => ` ${name === 'alg' ? 'with' : 'for'} ${[...within(name)].map((one) => one ?? 'no mode').join(', ')}`)
    .join('')
}
