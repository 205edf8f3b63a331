// How many tests passed, failed and were left out, read from the report that a step wrote.

/** From the JSON report of vitest. A file that failed before its first test counts as one failure. */
export const vitestTotals = ({ testResults }) => {
  const totals = { passed: 0, failed: 0, skipped: 0 }
  for (const { status, assertionResults } of testResults) {
    const before = totals.failed
    for (const assertion of assertionResults) {
      if (assertion.status === 'passed') totals.passed++
      else if (assertion.status === 'failed') totals.failed++
      else totals.skipped++
    }
    if (status === 'failed' && totals.failed === before) totals.failed++
  }
  return totals
}

/**
 * What failed in the JSON report of vitest, a line or two each, for the end of a long log: the file, the test's name, and
 * the first line of why.
 */
export const vitestFailures = ({ testResults }) =>
  testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((assertion) => assertion.status === 'failed')
    if (status === 'failed' && failed.length === 0) failed.push({ fullName: '', failureMessages: [message] })
    return failed.map(({ fullName, failureMessages }) =>
      // A test that is over its time has no message of its own.
      [
        [name, fullName].filter(Boolean).join(' > '),
        failureMessages?.[0]?.split('\n')[0].replace('STACK_TRACE_ERROR', 'it took longer than a test may'),
      ]
        .filter(Boolean)
        .join('\n  '),
    )
  })

/** From a report that holds the three numbers, as the scripts of this project write it. */
export const plainTotals = ({ passed, failed, skipped = 0 }) => {
  for (const number of [passed, failed, skipped])
    if (!Number.isInteger(number) || number < 0) throw new TypeError('A report holds whole numbers')
  return { passed, failed, skipped }
}

/** Whether a run is good. One that had nothing to do is not; one that has said what it left out is. */
export const isGood = ({ passed, failed, skipped }) => failed === 0 && passed + skipped > 0
