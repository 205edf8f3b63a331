import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Runs the suite in the virtual machine of the edge runtime, which has the globals of the edge and none of Node's. */
export async function runInEdge({ library }, { script, session, world }) {
  const { EdgeVM } = createRequire(join(library, 'package.json'))(library)
  const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false } })
  vm.evaluate(script)
  const failed = vm.evaluate(`suite.run(${JSON.stringify(world.control)}, ${JSON.stringify(session)})`).then(
    () => new Promise(() => {}),
    (error) => `it failed (${error})`,
  )
  return { outcomes: await world.report(session, { died: failed }) }
}
