import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
// Of the runtime matrix, where it was installed.
const node = at('tests/runtimes/node_modules/node-24/bin/node')

describe.skipIf(!existsSync(node))('ID tokens signed with ML-DSA, on a Node that knows it', () => {
  it('are verified, with the same verdicts as oauth4webapi', async () => {
    const args = ['run', '--config', 'vitest.workspace.ts', '--project', 'unit', '--reporter', 'json']
    const { stdout } = await promisify(execFile)(
      node,
      [at('node_modules/vitest/vitest.mjs'), ...args, 'packages/fapi/src/verifyMlDsaIdToken.test.ts'],
      // A run of its own, not a part of this one.
      { cwd: at(''), env: { PATH: process.env.PATH } },
    )
    const { numFailedTests, testResults } = JSON.parse(stdout.slice(stdout.indexOf('{"'))) as {
      numFailedTests: number
      testResults: { assertionResults: { fullName: string; status: string }[] }[]
    }
    const passed = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed')
    expect(numFailedTests).toBe(0)
    for (const alg of ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])
      for (const what of ['is taken, and only its own key', 'has the same verdicts from oauth4webapi'])
        expect(passed.map(({ fullName }) => fullName).join('\n')).toContain(`${alg} ${what}`)
  })
})
