import { describe, expect, it } from 'vitest'
import { nodeOfMatrix, runOnNode } from '../internal/runOnNode.js'

const node = nodeOfMatrix(24)

describe.skipIf(!node)('ID tokens signed with ML-DSA, on a Node that knows it', () => {
  it('are verified, with the same verdicts as oauth4webapi', async () => {
    const { numFailedTests, testResults } = await runOnNode(node!, 'packages/fapi/src/verifyMlDsaIdToken.test.ts')
    const passed = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed')
    expect(numFailedTests).toBe(0)
    for (const alg of ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])
      for (const what of ['is taken, and only its own key', 'has the same verdicts from oauth4webapi'])
        expect(passed.map(({ fullName }) => fullName).join('\n')).toContain(`${alg} ${what}`)
  })
})
