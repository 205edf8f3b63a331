import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { startProgram } from './runProgram.mjs'

const freePort = async () => {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

// Without the second service a Worker reaches no address of this machine.
const configuration = (port) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
      compatibilityDate = "2025-09-01",
    )),
    (name = "internet", network = (allow = ["127.0.0.1/32"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`

// The address names the run: a Worker has no arguments.
const worker = (module) => `${module}
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url)
    await run(searchParams.get('control'), searchParams.get('session'))
    return new Response('done')
  },
}
`

/** Runs the suite in a Worker, within one request. */
export async function runInWorker({ program }, { folder, module, session, world }) {
  const port = await freePort()
  await writeFile(join(folder, 'worker.mjs'), worker(module))
  await writeFile(join(folder, 'worker.capnp'), configuration(port))
  const server = startProgram(program, ['serve', 'worker.capnp'], { cwd: folder })
  try {
    const search = new URLSearchParams({ control: world.control, session })
    const started = Date.now()
    const ask = () =>
      fetch(`http://127.0.0.1:${port}/?${search}`).then(
        async (response) => response.ok || Promise.reject(new Error(`HTTP ${response.status}`)),
      )
    const answered = ask().catch(async function again(error) {
      // It listens a moment after it was started; once it has, an error counts.
      if (error.cause?.code !== 'ECONNREFUSED' || Date.now() - started > 10_000) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
      return ask().catch(again)
    })
    const failed = new Promise((resolve) => answered.catch((error) => resolve(`the Worker failed (${error.message})`)))
    return { outcomes: await world.report(session, { died: Promise.race([server.died, failed]) }) }
  } finally {
    await server.stop()
  }
}
