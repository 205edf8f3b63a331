import { openBrowser } from './openBrowser.mjs'
import { signInByClicks } from './signInByClicks.mjs'

/** Runs the suite in a real page, and then signs a person in there by redirects. */
export async function runInBrowser(runtime, { session, world }) {
  let browser
  try {
    browser = await openBrowser(runtime)
  } catch (error) {
    return { outcomes: [{ name: 'the browser starts', error: String(error), took: 0 }] }
  }
  try {
    const page = `${world.control}/page/?${new URLSearchParams({ session })}`
    const failed = browser.open(page).then(
      () => new Promise(() => {}),
      (error) => `the page did not open (${error})`,
    )
    const outcomes = await world.report(session, { died: failed })
    return { version: browser.version, outcomes: [...outcomes, ...(await signInByClicks(browser, world))] }
  } finally {
    await browser.close()
  }
}
