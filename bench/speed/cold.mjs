// Cold start: how long one import takes, and what memory it keeps, in a fresh process each time, all in turn.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { median } from '../internal/race.mjs'

const [folder, peersFolder, out, pin, rounds = '15'] = process.argv.slice(2)
const scratch = mkdtempSync(join(tmpdir(), 'genauth-oidc-cold-'))

/** As an import in that folder finds it: some packages have no other door. */
const found = (cwd, name) =>
  spawnSync(process.execPath, ['--input-type=module', '--eval', `console.log(import.meta.resolve('${name}'))`], {
    cwd,
    encoding: 'utf8',
  }).stdout.trim()
const write = (name, text) => {
  writeFileSync(join(scratch, name), text)
  return pathToFileURL(join(scratch, name)).href
}

/** What an application ships that bundles for Node: one file. */
async function bundle(name) {
  const outfile = join(scratch, `${name}.mjs`)
  await build({
    stdin: { contents: `export * from '@genauth-oidc/${name}'`, resolveDir: folder, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    outfile,
    logLevel: 'error',
  })
  return pathToFileURL(outfile).href
}

const ours = (name) => found(folder, `@genauth-oidc/${name}`)
const peer = (name) => found(peersFolder, name)
const targets = {
  'empty module': write('empty.mjs', 'export {}\n'),
  login: ours('login'),
  'login, bundled by the application': await bundle('login'),
  tokens: ours('tokens'),
  'tokens, bundled by the application': await bundle('tokens'),
  verify: ours('verify'),
  urls: ours('urls'),
  pkce: ours('pkce'),
  core: ours('core'),
  'tokens/revokeToken': ours('tokens/revokeToken'),
  'pkce/generatePkce': ours('pkce/generatePkce'),
  oauth4webapi: peer('oauth4webapi'),
  'openid-client': peer('openid-client'),
  jose: peer('jose'),
  arctic: peer('arctic'),
  '@badgateway/oauth2-client': peer('@badgateway/oauth2-client'),
  '@logto/js': peer('@logto/js'),
  'oidc-client-ts': peer('oidc-client-ts'),
  'authing-js-sdk': peer('authing-js-sdk'),
}

const timed = `
const { rss } = process.memoryUsage(), started = performance.now()
await import(process.env.TARGET)
const milliseconds = performance.now() - started, after = process.memoryUsage()
console.log(JSON.stringify({ milliseconds, rss: (after.rss - rss) / 2 ** 20, heap: after.heapUsed / 2 ** 20 }))`

// The files are counted apart: the hook that sees them takes time of its own.
const hook = `import { writeSync } from 'node:fs'
export async function load(url, context, next) { if (url.startsWith('file:')) writeSync(2, 'LOADED ' + url + '\\n'); return next(url, context) }`
const counting = `
import { register } from 'node:module'
register('data:text/javascript,' + encodeURIComponent(process.env.HOOK))
const before = new Set(process.moduleLoadList)
await import(process.env.TARGET)
console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))))`

function node(code, env) {
  const args = ['--input-type=module', '--eval', code]
  const command = pin ? ['taskset', ['-c', pin, process.execPath, ...args]] : [process.execPath, args]
  const { status, stdout, stderr } = spawnSync(...command, { encoding: 'utf8', env: { ...process.env, ...env } })
  if (status !== 0) throw new Error(stderr)
  return { result: JSON.parse(stdout), stderr }
}

try {
  const runs = Object.fromEntries(Object.keys(targets).map((name) => [name, []]))
  for (let round = -1; round < Number(rounds); round++)
    for (const [name, TARGET] of Object.entries(targets)) {
      const { result } = node(timed, { TARGET })
      // The first round only fills the disk cache.
      if (round >= 0) runs[name].push(result)
    }
  const results = {}
  for (const [name, TARGET] of Object.entries(targets)) {
    const { result: modules, stderr } = node(counting, { TARGET, HOOK: hook })
    const more = (key) => median(runs[name].map((run, round) => run[key] - runs['empty module'][round][key]))
    results[name] = {
      milliseconds: more('milliseconds'),
      rss: more('rss'),
      heap: more('heap'),
      files: stderr.match(/^LOADED /gm)?.length ?? 0,
      undici: modules.some((module) => module.includes('undici')),
      http: modules.some((module) => /\b_?https?\b|_http_/.test(module)),
    }
    const { milliseconds, rss, files, undici } = results[name]
    console.log(
      `  ${name.padEnd(36)} + ${milliseconds.toFixed(1).padStart(6)} ms  + ${rss.toFixed(2).padStart(6)} MiB  ${files} files${undici ? ', undici' : ''}`,
    )
  }
  if (out) writeFileSync(out, JSON.stringify(results))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
