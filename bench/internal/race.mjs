// Runs several functions in turn, in short batches and many times, so that what else the machine does hits all of them
// alike. What counts is the ratio to the first one, which runs right before each; single times are only good for a rough
// idea.
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
 * @returns for each name: the median of the paired ratios, the middle half of them, the ratio of the quietest
 *   batches, and microseconds for one call
 */
export async function race(subjects, { rounds = 151, milliseconds = 1.5 } = {}) {
  const [floor, ...names] = Object.keys(subjects)
  const times = {}
  // Until the compiler is through with all of them, and with what they share.
  for (let turn = 0; turn < 4; turn++)
    for (const name of [floor, ...names]) {
      let calls = 0
      const started = now()
      while (now() - started < 250) {
        await subjects[name]()
        calls++
      }
      times[name] = Math.max(1, Math.round((milliseconds * calls) / (now() - started)))
    }
  const each = async (name) => (await batch(subjects[name], times[name])) / times[name]
  const taken = Object.fromEntries(names.map((name) => [name, []]))
  const floors = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++)
    // Another one begins each round: nobody always runs after the one that leaves the most garbage.
    for (let i = 0; i < names.length; i++) {
      const name = names[(round + i) % names.length]
      floors[name].push(await each(floor))
      taken[name].push(await each(name))
    }
  const all = Object.values(floors).flat()
  const result = { [floor]: { ratio: 1, low: 1, high: 1, quiet: 1, microseconds: 1000 * median(all) } }
  for (const name of names) {
    const ratios = taken[name].map((time, round) => time / floors[name][round])
    result[name] = {
      ratio: median(ratios),
      low: quantile(ratios, 0.25),
      high: quantile(ratios, 0.75),
      // The quietest tenth against the quietest tenth: what is left when nobody else disturbs.
      quiet: quantile(taken[name], 0.1) / quantile(floors[name], 0.1),
      microseconds: 1000 * median(taken[name]),
    }
  }
  return result
}
