// What a person does at a single-page application: sign in, stay signed in, sign out, change their mind.

const LIMIT = 20_000

/** Clicks through it and gives an outcome for each step. A step needs those before it. */
export async function signInByClicks(browser, { control, issuer }) {
  // Between two pages there is nothing to read.
  const until = async (what, read) => {
    for (const started = Date.now(); Date.now() - started < LIMIT;) {
      try {
        const found = await read()
        if (found) return found
      } catch (error) {
        if (error.final) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const [page, address] = [await browser.read('body'), await browser.address()]
    throw new Error(`${what} did not come within ${LIMIT / 1000} s; at ${address.split('?')[0]} stands: ${page}`)
  }
  const says = (pattern) =>
    until(`${pattern}`, async () => {
      const text = await browser.read('#state')
      if (/^failed/.test(text ?? '') && !pattern.test(text)) throw Object.assign(new Error(text), { final: true })
      return pattern.exec(text ?? '')
    })
  const onPage = (selector) => until(selector, async () => (await browser.read(selector)) !== null)
  const press = async (selector) => {
    await onPage(selector)
    await browser.click(selector)
  }
  const holds = (condition, what) => {
    if (!condition) throw new Error(what)
  }

  const outcomes = []
  const step = async (sentence, body) => {
    const started = Date.now()
    const name = `redirects: ${sentence}`
    const failed = outcomes.some(({ error }) => error !== undefined)
    let error = failed ? 'a step before it failed' : undefined
    if (!failed) await body().catch((reason) => (error = `${reason}`))
    outcomes.push({ name, took: Date.now() - started, ...(error !== undefined && { error }) })
  }

  let subject
  await step('a click leads to the login page of the provider', async () => {
    await browser.open(`${control}/app/`)
    await says(/^signed out/)
    await press('#sign-in')
    await onPage('form[data-step=login]')
    holds((await browser.address()).startsWith(new URL(issuer).origin), 'the page is not of the provider')
  })
  await step('name and consent lead back, and the callback brings tokens and user info', async () => {
    await browser.type('input[name=user]', 'alice')
    await press('form[data-step=login] button[value=continue]')
    await press('form[data-step=consent] button[value=continue]')
    subject = (await says(/^signed in as (\S+) alice@example\.com with code, tokens 1/))[1]
  })
  await step('the address holds nothing of the callback any more', async () => {
    holds((await browser.address()) === `${control}/app/orders`, await browser.address())
  })
  await step('a refresh brings new tokens for the same person', async () => {
    await press('#refresh')
    holds((await says(/^signed in as (\S+) \S+ with code, tokens 2/))[1] === subject, 'another person')
  })
  await step('who is still signed in is asked nothing, and the hybrid callback comes in the fragment', async () => {
    await press('#hybrid')
    holds((await says(/^signed in as (\S+) \S+ with code id_token, tokens 1/))[1] === subject, 'another person')
  })
  await step('signing out leads through the page of the provider and back', async () => {
    await press('#sign-out')
    await press('button[name=logout][value=yes]')
    await says(/^signed out/)
    holds((await browser.address()) === `${control}/app/?state=bye`, await browser.address())
  })
  await step('then nobody is signed in: prompt=none says login_required', async () => {
    await press('#silent')
    await says(/^failed authorization_error login_required/)
  })
  await step('who presses Cancel comes back with access_denied', async () => {
    await press('#sign-in')
    await press('form[data-step=login] button[value=cancel]')
    await says(/^failed authorization_error access_denied/)
  })
  return outcomes
}
