import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startProgram } from './runProgram.mjs'

/** Runs the suite in a process of its own: Node, Bun, Deno. */
export async function runInProcess({ program, flags = [] }, { folder, module, session, world }) {
  const file = join(folder, 'program.mjs')
  await writeFile(file, `${module}\nawait run(process.argv[2], process.argv[3])\nprocess.exit(0)\n`)
  const process = startProgram(program, [...flags, file, world.control, session], { cwd: folder })
  try {
    return { outcomes: await world.report(session, { died: process.died }) }
  } finally {
    await process.stop()
  }
}
