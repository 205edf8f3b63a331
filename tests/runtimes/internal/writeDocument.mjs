import { machine, today } from '../../../bench/internal/machine.mjs'
import { writeReport } from '../../../bench/internal/report.mjs'

const NOTES = {
  'Node.js 20': 'the module as it is; the oldest line that is supported, from 20.19',
  'Node.js 22': 'the module as it is',
  'Node.js 24': 'the module as it is',
  Bun: 'the module as it is',
  Deno: 'the module as it is, allowed the network of 127.0.0.1 and nothing else',
  workerd: 'a Worker, all within one request; refreshing at the same time takes `options.lock` there',
  'Edge Runtime VM': 'as a script, in a context that has the globals of the edge and none of Node',
  Chromium: 'a page; then a sign-in by clicks',
  Firefox: 'a page; then a sign-in by clicks',
  WebKit: 'a page in WebKitGTK; then a sign-in by clicks',
  'no bundler': 'imported by Node from `node_modules`',
}

const table = (results) =>
  [
    ['', 'version', 'passed', 'failed', 'seconds', 'notes'],
    ['---', '---', '--:', '--:', '--:', '---'],
    ...results.map(row),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

const row = ({ name, version, passed, failures, skipped, seconds }) => [
  name,
  skipped ? '' : (version ?? ''),
  skipped ? '' : String(passed),
  skipped ? '' : String(failures.length),
  skipped ? '' : seconds.toFixed(1),
  skipped ? `skipped: ${skipped}` : (NOTES[name] ?? ''),
]

const failing = (results) => {
  const lines = results.flatMap(({ name, failures }) =>
    failures.map(({ name: sentence, error }) => `- **${name}**, ${sentence}: ${error.split('\n')[0].slice(0, 300)}`),
  )
  return lines.length ? `## What failed\n\n${lines.join('\n')}\n` : ''
}

/** Writes docs/runtimes.md. */
export async function writeDocument(runtimes, bundles) {
  await writeReport(
    'runtimes.md',
    `# Where the packages run

<!-- Written by "npm run test:runtimes". -->

Measured on ${today()}. ${machine()}.

One suite of real flows, written once (\`tests/runtimes/suite\`), runs unchanged on every runtime against the emulator: PKCE,
links, callbacks in the query, the fragment and a form, the exchange of a code by every client authentication method,
refresh, introspection, revocation, user info, ID tokens signed with each of the 14 algorithm names, the key set, a sign-in
of every response type with a sealed transaction, time limits, aborts, redirects, odd answers, and the transport with its
second tries. What was sealed on Node opens on the runtime and the other way round. It is one bundle of the built packages:
the same bytes everywhere.

${table(runtimes)}

In the browsers a person also signs in: a click in a single-page application, the provider's login page and consent, back
at the callback, tokens and user info, a refresh, a second sign-in by a hybrid callback in the fragment, the logout with
its page, and then \`prompt=none\` and "Cancel". Eight steps, counted with the rest.

## Out of the tarballs

The same suite as an application that has installed the packages from their tarballs, bundled for browsers by each bundler
with its default settings, without a warning, and run by Node. That the types hold under TypeScript 5.4 to 7, with and
without the DOM lib, and that \`require()\` works from CommonJS, is tested by \`npm test\`.

${table(bundles)}

${failing([...runtimes, ...bundles])}
## How to run it

\`npm run test:runtimes\` builds the packages, installs what it can (npm packages into \`tests/runtimes\`, 850 MB on disk; as root
on Debian also the browsers by \`apt-get\`), runs everything and writes this page. What can't be installed is skipped by name.
\`npm run test:runtimes -- deno bundlers\` runs these only. \`npm test\` runs the suite on what is there already: at the least on
its own Node and in the Edge Runtime VM.
`,
  )
}
