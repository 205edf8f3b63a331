// Load: many flows at once against the emulator on loopback, ours and plain fetch in turn. A flow is three requests:
// a refresh (new tokens, the ID token's claims checked), an introspection, the user info.
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { median, quantile } from '../internal/race.mjs'
import { loadOurs } from './ours.mjs'

const [folder, out] = process.argv.slice(2)
const { core, tokens, login } = await loadOurs(folder)
const emulatorPath = createRequire(`${folder}/application.js`).resolve('@genauth-oidc/emulator')
const { signIn } = await import(pathToFileURL(emulatorPath).href)

const levels = [1, 10, 100, 1000]
const rounds = 15

const child = fork(fileURLToPath(new URL('emulator.mjs', import.meta.url)), [folder], {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
})
// Whatever happens, nothing is left running.
const limit = setTimeout(() => child.kill(), 240_000)
try {
  const settings = await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`The emulator ended with ${code} before it was ready.`)))
  })
  const config = core.defineConfig({ ...settings, timeout: 120_000 })
  const begun = await login.beginLogin(config, { scope: 'openid profile email offline_access' })
  const done = await login.completeLogin(config, (await signIn(begun.url)).url, begun.transaction)
  const refreshToken = done.tokens.refresh_token

  const { appId, secret } = settings
  const form = (fields) => ({
    method: 'POST',
    body: new URLSearchParams({ client_id: appId, client_secret: secret, ...fields }),
  })
  const base = `${settings.appHost}/oidc`
  const read = async (path, init) => (await fetch(`${base}${path}`, init)).json()
  const flows = {
    plain: async () => {
      const { access_token } = await read('/token', form({ grant_type: 'refresh_token', refresh_token: refreshToken }))
      const { active } = await read('/token/introspection', form({ token: access_token }))
      const { sub } = await read('/me', { headers: { authorization: `Bearer ${access_token}` } })
      if (!active || !sub) throw new Error('A plain flow failed.')
    },
    ours: async () => {
      const { access_token } = await tokens.getNewAccessTokenByRefreshToken(config, refreshToken)
      const { active } = await tokens.introspectToken(config, access_token)
      const { sub } = await tokens.getUserInfoByAccessToken(config, access_token)
      if (!active || !sub) throw new Error('A flow of ours failed.')
    },
  }

  /** As many at once as the level says, until the total is through. */
  async function run(flow, level, total) {
    const latencies = []
    let failed = 0
    let left = total
    const started = performance.now()
    await Promise.all(
      Array.from({ length: level }, async () => {
        while (left-- > 0) {
          const from = performance.now()
          try {
            await flow()
            latencies.push(performance.now() - from)
          } catch (error) {
            // A busy machine loses the race between an idle connection's end and its next use; neither side sends twice.
            if (!['network', undefined].includes(error.code) || ++failed > total / 20) throw error
          }
        }
      }),
    )
    const seconds = (performance.now() - started) / 1000
    return { failed, rate: latencies.length / seconds, p50: median(latencies), p99: quantile(latencies, 0.99) }
  }

  for (const flow of Object.values(flows)) await run(flow, 10, 150)
  const results = []
  for (const level of levels) {
    const total = Math.max(level === 1 ? 20 : 60, level)
    const runs = { plain: [], ours: [] }
    const repeats = level === 1000 ? 3 : rounds
    for (let round = 0; round < repeats; round++)
      for (const name of round % 2 ? ['ours', 'plain'] : ['plain', 'ours'])
        runs[name].push(await run(flows[name], level, total))
    const middle = (name, key) => median(runs[name].map((one) => one[key]))
    const row = {
      level,
      total: total * repeats,
      throughput: median(runs.ours.map(({ rate }, round) => rate / runs.plain[round].rate)),
      ...Object.fromEntries(
        ['plain', 'ours'].map((name) => [
          name,
          {
            rate: middle(name, 'rate'),
            p50: middle(name, 'p50'),
            p99: middle(name, 'p99'),
            failed: runs[name].reduce((sum, one) => sum + one.failed, 0),
          },
        ]),
      ),
    }
    results.push(row)
    console.log(
      `  ${String(level).padStart(4)} at once: ${row.throughput.toFixed(2)} x plain fetch; ours p50 ${row.ours.p50.toFixed(0)} ms, p99 ${row.ours.p99.toFixed(0)} ms; plain p50 ${row.plain.p50.toFixed(0)} ms, p99 ${row.plain.p99.toFixed(0)} ms`,
    )
  }
  if (out) writeFileSync(out, JSON.stringify(results))
} finally {
  clearTimeout(limit)
  child.disconnect()
}
