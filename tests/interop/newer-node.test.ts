import { describe, expect, it } from 'vitest'
import { vitestFailures, vitestTotals } from '../../scripts/internal/totals.mjs'
import { nodeOfMatrix, runOnNode } from './internal/runOnNode.js'

// A newer Node has what an older one lacks, Web Locks say, and what looks for that goes another way there.
const node = nodeOfMatrix(24)

describe.skipIf(!node)('the unit tests of sign-in, refresh and verification, on Node 24', () => {
  it('pass there as on the Node at work', async () => {
    const report = await runOnNode(node!, 'packages/login/src/', 'packages/verify/src/')
    expect(vitestFailures(report)).toEqual([])
    const { passed, failed, skipped } = vitestTotals(report)
    expect(passed).toBeGreaterThan(500)
    expect([failed, skipped]).toEqual([0, 0])
  })
})
