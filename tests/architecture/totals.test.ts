import { describe, expect, it } from 'vitest'
import { isGood, plainTotals, vitestFailures, vitestTotals } from '../../scripts/internal/totals.mjs'

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((one) => ({ status: one })),
})

describe('the totals of a vitest report', () => {
  it.each([
    ['counts each test once', [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')], [3, 1, 0]],
    ['counts what was left out', [file('passed', 'passed', 'pending', 'skipped', 'todo')], [1, 0, 3]],
    ['counts a file that failed before its first test as a failure', [file('failed')], [0, 1, 0]],
    ['counts a hook that failed after its tests as a failure', [file('failed', 'passed')], [1, 1, 0]],
    ['finds nothing in an empty report', [], [0, 0, 0]],
  ])('%s', (_, testResults, [passed, failed, skipped]) => {
    expect(vitestTotals({ testResults })).toEqual({ passed, failed, skipped })
  })
})

describe('the failures of a vitest report', () => {
  it('are named, each with its file and the first line of why', () => {
    const failed = (fullName: string, ...failureMessages: string[]) => ({ status: 'failed', fullName, failureMessages })
    const testResults = [
      {
        name: '/a.test.ts',
        status: 'passed',
        message: '',
        assertionResults: [{ status: 'passed', fullName: 'is good' }],
      },
      {
        name: '/b.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [failed('a sum is 3', 'Error: expected 2 to be 3\n    at here'), failed('b')],
      },
      { name: '/c.test.ts', status: 'failed', message: 'Cannot find module\nat there', assertionResults: [] },
    ]
    expect(vitestFailures({ testResults })).toEqual([
      '/b.test.ts > a sum is 3\n  Error: expected 2 to be 3',
      '/b.test.ts > b',
      '/c.test.ts\n  Cannot find module',
    ])
    expect(vitestFailures({ testResults: [] })).toEqual([])
  })
})

describe('the totals of a plain report', () => {
  it('are its three numbers, of which the last may be left out', () => {
    expect(plainTotals({ passed: 2, failed: 1, skipped: 3 })).toEqual({ passed: 2, failed: 1, skipped: 3 })
    expect(plainTotals({ passed: 2, failed: 0 })).toEqual({ passed: 2, failed: 0, skipped: 0 })
  })

  it.each([{}, { passed: 1 }, { passed: '1', failed: 0 }, { passed: -1, failed: 0 }, { passed: NaN, failed: 0 }])(
    'refuse %j, which would count for nothing',
    (report) => {
      expect(() => plainTotals(report as never)).toThrow(TypeError)
    },
  )
})

describe('a run', () => {
  it.each([
    ['is good where all has passed', [2, 0, 0], true],
    ['is good where some was left out', [2, 0, 1], true],
    ['is good where all of it was left out, by name', [0, 0, 1], true],
    ['is bad where something failed', [2, 1, 0], false],
    ['is bad where there was nothing to do', [0, 0, 0], false],
  ] as const)('%s', (_, [passed, failed, skipped], good) => {
    expect(isGood({ passed, failed, skipped })).toBe(good)
  })
})
