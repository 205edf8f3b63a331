import { collectResults } from './collectResults.js'
import { createRunner } from './createRunner.js'
import { loadModules } from './loadModules.js'
import { startBadProvider } from './provider/startBadProvider.js'
import { renderReport, reportUrl } from './renderReport.js'

/** What the command calls: starts the provider, runs everything, and stops it. */
export async function report() {
  const provider = await startBadProvider()
  try {
    const results = await collectResults(await loadModules(), createRunner(provider))
    return { text: await renderReport(results), failures: results.failures, reportUrl }
  } finally {
    await provider.close()
  }
}
