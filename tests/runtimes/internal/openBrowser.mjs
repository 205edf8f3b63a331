// The three engines behind one small interface: `open`, `click`, `type`, `read`, `address`, `close`.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startProgram } from './runProgram.mjs'

const CHROMIUM = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Chromium by the DevTools protocol, Firefox by WebDriver BiDi. */
async function openByPuppeteer({ name, program, driver }) {
  const entry = createRequire(join(driver, 'package.json')).resolve('puppeteer-core')
  const { default: puppeteer } = await import(pathToFileURL(entry).href)
  const userDataDir = await mkdtemp(join(tmpdir(), 'genauth-oidc-profile-'))
  const browser = await puppeteer.launch({
    browser: name === 'Firefox' ? 'firefox' : 'chrome',
    executablePath: program,
    headless: true,
    userDataDir,
    args: name === 'Firefox' ? [] : CHROMIUM,
  })
  const page = await browser.newPage()
  return {
    version: /\d+(\.\d+)+/.exec(await browser.version())?.[0],
    open: (url) => page.goto(url, { waitUntil: 'load' }),
    click: (selector) => page.click(selector),
    type: (selector, text) => page.type(selector, text),
    read: (selector) => page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? null`),
    address: () => page.evaluate('location.href'),
    async close() {
      await browser.close()
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

const freePort = async () => {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** WebKit by WebDriver, whose few commands need no library. */
async function openByWebDriver({ program }) {
  const port = await freePort()
  const serve = [program, `--port=${port}`, '--host=127.0.0.1']
  const [command, ...args] = process.env.DISPLAY ? serve : ['xvfb-run', '-a', ...serve]
  // A home of its own: the profile, the cache and the cookies of this run.
  const home = await mkdtemp(join(tmpdir(), 'genauth-oidc-profile-'))
  const places = ['HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR']
  const server = startProgram(command, args, { env: Object.fromEntries(places.map((place) => [place, home])) })
  const close = async () => {
    await server.stop()
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  const ask = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const { value } = await response.json()
    if (!response.ok) throw new Error(`WebDriver: ${value?.error}: ${value?.message}`)
    return value
  }
  try {
    const started = Date.now()
    const begin = async () => {
      try {
        return await ask('POST', '/session', { capabilities: { alwaysMatch: {} } })
      } catch (error) {
        if (error.cause?.code !== 'ECONNREFUSED' || Date.now() - started > 20_000) throw error
        await new Promise((resolve) => setTimeout(resolve, 200))
        return begin()
      }
    }
    const died = server.died.then((how) => Promise.reject(new Error(`WebKitWebDriver: ${how}`)))
    const { sessionId, capabilities } = await Promise.race([begin(), died])
    died.catch(() => {})
    const at = `/session/${sessionId}`
    const find = async (selector) =>
      (await ask('POST', `${at}/element`, { using: 'css selector', value: selector }))[ELEMENT]
    const evaluate = (script, ...args) => ask('POST', `${at}/execute/sync`, { script, args })
    return {
      version: capabilities.browserVersion,
      open: (url) => ask('POST', `${at}/url`, { url }),
      click: async (selector) => ask('POST', `${at}/element/${await find(selector)}/click`, {}),
      type: async (selector, text) => ask('POST', `${at}/element/${await find(selector)}/value`, { text }),
      read: (selector) => evaluate('return document.querySelector(arguments[0])?.textContent ?? null', selector),
      address: () => evaluate('return location.href'),
      async close() {
        await ask('DELETE', at).catch(() => {})
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Opens a browser without a window, with a profile of its own. */
export const openBrowser = (runtime) =>
  runtime.name === 'WebKit' ? openByWebDriver(runtime) : openByPuppeteer(runtime)
