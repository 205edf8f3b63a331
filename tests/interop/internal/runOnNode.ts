import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { JsonTestResults } from 'vitest/node'

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** A Node of the runtime matrix, where it was installed. */
export const nodeOfMatrix = (major: number): string | undefined => {
  const program = at(`tests/runtimes/node_modules/node-${major}/bin/node`)
  return existsSync(program) ? program : undefined
}

/** Runs unit tests on another Node. */
export const runOnNode = async (program: string, ...filters: string[]): Promise<JsonTestResults> =>
  new Promise((resolve, reject) => {
    const args = ['run', '--config', 'vitest.workspace.ts', '--project', 'unit', '--reporter', 'json', ...filters]
    execFile(
      program,
      [at('node_modules/vitest/vitest.mjs'), ...args],
      // A run of its own, not a part of this one.
      { cwd: at(''), env: { PATH: process.env.PATH }, maxBuffer: 1 << 26 },
      (_, stdout, stderr) => {
        try {
          resolve(JSON.parse(stdout.slice(stdout.indexOf('{"'))) as JsonTestResults)
        } catch {
          reject(new Error(`No report of the run: ${stderr || stdout}`))
        }
      },
    )
  })
