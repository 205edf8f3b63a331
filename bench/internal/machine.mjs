// What was measured where: for the head of a report.
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'

const manifest = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))

/** The machine in one line. */
export function machine() {
  const [{ model }] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${model.trim()}, ${cpus().length} cores, ${memory} GiB; ${type()} ${release()}; Node.js ${process.versions.node}, V8 ${process.versions.v8}`
}

/** The versions of the tools, and of the peers. */
export function versions() {
  const tools = ['esbuild', 'rollup', 'terser'].map(
    (name) => `${name} ${manifest(`../../node_modules/${name}/package.json`).version}`,
  )
  const { dependencies } = manifest('../peers/package.json')
  return { tools, peers: Object.entries(dependencies).map(([name, version]) => `${name} ${version}`) }
}

export const today = () => new Date().toISOString().slice(0, 10)
