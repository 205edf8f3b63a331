// What grows with what: time with the size of what comes in, and memory with the number of calls.
// Run with --expose-gc.
import { writeFileSync } from 'node:fs'
import { quantile } from '../internal/race.mjs'
import {
  answering,
  clientId,
  idClaims,
  makeKeys,
  makeProvider,
  nonce,
  redirectUri,
  secret,
  sign,
  state,
} from './fixtures.mjs'
import { loadOurs } from './ours.mjs'

const [folder, out] = process.argv.slice(2)
const { urls, verify } = await loadOurs(folder)
const base = { appId: clientId, appHost: 'https://sample-app.genauth.ai', redirectUri }

/** Microseconds for one call: the quietest tenth of many short batches, in turn for all sizes. */
async function measure(subjects) {
  const taken = subjects.map(() => [])
  for (let round = -20; round < 100; round++)
    for (const [i, { run }] of subjects.entries()) {
      const started = performance.now()
      let calls = 0
      do {
        await run()
        calls++
      } while (performance.now() - started < 2)
      if (round >= 0) taken[i].push((1000 * (performance.now() - started)) / calls)
    }
  return subjects.map(({ size }, i) => ({ size, microseconds: quantile(taken[i], 0.1) }))
}

/** The straight line through the points, and how well it fits: 1 is a line. */
function fit(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(({ size }) => size)), mean(points.map(({ microseconds }) => microseconds))]
  const sum = (f) => points.reduce((total, point) => total + f(point), 0)
  const slope = sum(({ size, microseconds }) => (size - x) * (microseconds - y)) / sum(({ size }) => (size - x) ** 2)
  const from = y - slope * x
  const rest = sum(({ size, microseconds }) => (microseconds - from - slope * size) ** 2)
  return { slope, from, straightness: 1 - rest / sum(({ microseconds }) => (microseconds - y) ** 2) }
}

const growth = {}
async function series(name, unit, subjects) {
  const points = await measure(subjects)
  growth[name] = { unit, points, ...fit(points) }
  const { slope, straightness } = growth[name]
  console.log(
    `  ${name}: ${points.map(({ size, microseconds }) => `${size} -> ${microseconds.toFixed(0)} us`).join(', ')}; ${slope.toFixed(3)} us per ${unit}, straightness ${straightness.toFixed(3)}`,
  )
}

const provider = await makeProvider('RS256', { atHash: false })
const others = await Promise.all(Array.from({ length: 4 }, (_, i) => makeKeys('RS256', `other-${i}`)))
await series(
  'keys in the JWKS',
  'key',
  [1, 100, 200, 400, 800].map((size) => {
    const keys = Array.from({ length: size - 1 }, (_, i) => ({ ...others[i % 4].jwk, kid: `other-${i}` }))
    // The wanted one comes last.
    const config = { ...base, fetch: answering({ keys: [...keys, provider.jwks.keys[0]] }) }
    return { size, run: () => verify.verifyIdToken(config, provider.idToken, { nonce }) }
  }),
)

const long = (kilobytes) =>
  Array.from({ length: kilobytes * 16 }, (_, i) => `role-${String(i).padStart(34, '0')}`.padEnd(45, 'x'))
const jwksConfig = { ...base, fetch: answering(provider.jwks) }
const bigTokens = await Promise.all(
  [0, 8, 16, 24, 32, 40].map(async (kilobytes) => sign('RS256', provider.keys, idClaims({ roles: long(kilobytes) }))),
)
await series(
  'size of an ID token',
  'KiB',
  bigTokens.map((token) => ({
    size: Math.round((token.length / 1024) * 10) / 10,
    run: () => verify.verifyIdToken(jwksConfig, token, { nonce }),
  })),
)

await series(
  'size of a callback',
  'KiB',
  [0, 10, 20, 30, 40, 50, 60].map((kilobytes) => {
    const callback = `${redirectUri}?${new URLSearchParams({ code: 'c'.repeat(32 + kilobytes * 1024), state })}`
    return {
      size: Math.round((callback.length / 1024) * 10) / 10,
      run: () => urls.readCallback(base, callback, { state }),
    }
  }),
)
await series(
  'parameters in a callback',
  'parameter',
  [2, 250, 500, 1000, 2000].map((size) => {
    const query = new URLSearchParams({ code: 'a-code', state })
    for (let i = 2; i < size; i++) query.set(`more${i}`, `value ${i}`)
    const callback = `${redirectUri}?${query}`
    return { size, run: () => urls.readCallback(base, callback, { state }) }
  }),
)

/** Heap in MiB after each quarter of the calls, garbage collected. */
async function heap(name, calls, run) {
  for (let i = 0; i < 2000; i++) await run(i)
  const marks = []
  for (let quarter = 0; quarter <= 4; quarter++) {
    globalThis.gc()
    globalThis.gc()
    marks.push({ calls: (quarter * calls) / 4, heap: process.memoryUsage().heapUsed / 2 ** 20 })
    if (quarter < 4) for (let i = 0; i < calls / 4; i++) await run(i)
  }
  console.log(`  ${name}: ${marks.map((mark) => `${mark.calls} calls ${mark.heap.toFixed(2)} MiB`).join(', ')}`)
  return { name, marks }
}

const many = await Promise.all(
  Array.from({ length: 64 }, async (_, i) => sign('RS256', provider.keys, idClaims({ sub: `user-${i}` }))),
)
const hs = await makeProvider('HS256', { atHash: false })
const heaps = [
  await heap('RS256, one config, 64 tokens in turn', 100_000, (i) =>
    verify.verifyIdToken(jwksConfig, many[i % many.length], { nonce }),
  ),
  await heap('HS256, a new config for every call', 100_000, () =>
    verify.verifyIdToken({ ...base, secret: () => secret }, hs.idToken, { nonce }),
  ),
]
if (out) writeFileSync(out, JSON.stringify({ growth, heaps }))
