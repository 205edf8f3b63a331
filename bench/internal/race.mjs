// Runs several functions in turn, many times, so that what else the machine does hits all of them alike. What counts
// is the ratio to the first one in the same round; single times are only good for a rough idea.
const now = () => performance.now()

async function batch(run, times) {
  const started = now()
  for (let i = 0; i < times; i++) await run()
  return now() - started
}

export const median = (values) => quantile(values, 0.5)

export function quantile(values, at) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))]
}

/**
 * @param subjects - named functions; the first is the floor that the others are divided by
 * @param options - `rounds`, and how long a function runs in each, in milliseconds
 * @returns for each name: the median of the paired ratios, the middle half of them, and microseconds for one call
 */
export async function race(subjects, { rounds = 41, milliseconds = 8 } = {}) {
  const names = Object.keys(subjects)
  const times = {}
  for (const name of names) {
    // Until the compiler is through with it.
    const until = now() + 150
    let calls = 0
    const started = now()
    while (now() < until) {
      await subjects[name]()
      calls++
    }
    await batch(subjects[name], Math.min(2000, calls))
    const each = (now() - started) / (calls + Math.min(2000, calls))
    times[name] = Math.max(1, Math.round(milliseconds / each))
  }
  const taken = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    // Another order each round: nobody always runs after the one that leaves the most garbage.
    const order = names.map((_, i) => names[(i * (round % 2 ? 1 : names.length - 1) + round) % names.length])
    for (const name of new Set([...order, ...names]))
      taken[name].push((await batch(subjects[name], times[name])) / times[name])
  }
  const [floor] = names
  return Object.fromEntries(
    names.map((name) => {
      const ratios = taken[name].map((time, round) => time / taken[floor][round])
      return [
        name,
        {
          ratio: median(ratios),
          low: quantile(ratios, 0.25),
          high: quantile(ratios, 0.75),
          microseconds: 1000 * median(taken[name]),
          quiet: 1000 * quantile(taken[name], 0.1),
        },
      ]
    }),
  )
}
