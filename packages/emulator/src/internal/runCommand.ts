import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { startEmulator } from '../startEmulator.js'
import type { Emulator, EmulatorOptions } from '../types.js'
import { describeEmulator } from './describeEmulator.js'

/** Where the command writes. */
export interface Output {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** The same address at every start, so that what was pasted once keeps working. */
const DEFAULT_PORT = 4010

const HELP = `Usage: npx @genauth-oidc/emulator [options]

Runs a GenAuth on this machine, for development and tests.

  --port PORT              the port on 127.0.0.1 (default ${DEFAULT_PORT}; 0 takes a free one)
  --app-id ID              the app id of the first application
  --secret SECRET          its secret: printable ASCII, at least 32 characters for HS256 (default: a new one)
  --redirect-uri URI       its redirect URI (default http://localhost:3000/callback)
  --id-token-alg ALG       HS256, signed with the secret, or RS256 (default HS256)
  --public                 the first application is a single-page app: no secret, RS256
  --options FILE           a JSON file with the options of startEmulator; flags go before it
  --version                the version of this package
  --help                   this text

Why a request was refused: run with DEBUG=oidc-provider:* in the environment.
`

type Reading = { readonly options: EmulatorOptions } | { readonly answer: string } | { readonly mistake: string }

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}

/** The options of a JSON file. What each of them is, is looked at when the emulator starts. */
async function readFileOptions(path: string): Promise<EmulatorOptions> {
  const given: unknown = JSON.parse(await readFile(path, 'utf8'))
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TypeError('it holds no JSON object')
  return given
}

async function readOptions(args: readonly string[]): Promise<Reading> {
  const flag = { type: 'string' } as const
  let values
  try {
    ;({ values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        port: flag,
        'app-id': flag,
        secret: flag,
        'redirect-uri': flag,
        'id-token-alg': flag,
        options: flag,
        public: { type: 'boolean' },
        version: { type: 'boolean', short: 'v' },
        help: { type: 'boolean', short: 'h' },
      },
    }))
  } catch (error) {
    // Its first sentence names the flag; the rest is about how to write positional arguments, of which there are none.
    return { mistake: (error as Error).message.split('. ')[0] ?? '' }
  }
  if (values.help) return { answer: HELP }
  if (values.version) return { answer: `${await readVersion()}\n` }
  const { port: portText, secret, 'id-token-alg': alg, options: path } = values
  const port = portText === undefined || /^\d{1,5}$/.test(portText) ? Number(portText ?? DEFAULT_PORT) : NaN
  if (!(port <= 65_535)) return { mistake: `--port ${portText} is no port: use 0 to 65535` }
  if (alg !== undefined && alg !== 'HS256' && alg !== 'RS256') {
    return { mistake: `--id-token-alg ${alg} is unknown: use HS256 or RS256` }
  }
  let file: EmulatorOptions = {}
  try {
    if (path !== undefined) file = await readFileOptions(path)
  } catch (error) {
    return { mistake: `--options ${path} cannot be read: ${(error as Error).message}` }
  }
  const flags = {
    ...(values['app-id'] !== undefined && { appId: values['app-id'] }),
    ...(secret !== undefined && { secret }),
    ...(values['redirect-uri'] !== undefined && { redirectUri: values['redirect-uri'] }),
  }
  const options: EmulatorOptions = {
    port,
    ...file,
    ...(portText !== undefined && { port }),
    ...(alg !== undefined && { idTokenAlg: alg }),
    ...flags,
  }
  if (!values.public) return { options }
  if (file.apps !== undefined)
    return { mistake: `--public is for the first application, and ${path} has apps of its own` }
  const { appId, secret: own, redirectUri, ...others } = options
  const first = { ...(appId !== undefined && { appId }), ...(own !== undefined && { secret: own }) }
  return {
    options: { ...others, apps: [{ public: true, ...first, ...(redirectUri !== undefined && { redirectUri }) }, {}] },
  }
}

function explain(error: unknown, options: EmulatorOptions): string {
  const { code, message } = error as { readonly code?: string; readonly message: string }
  if (code === 'EADDRINUSE')
    return `Port ${options.port} is in use: choose another one with --port (0 takes a free one)`
  if (code === 'EACCES') return `Port ${options.port} is not allowed for this user: choose one above 1023 with --port`
  return message
}

/**
 * Runs the command: starts the emulator and prints how to use it.
 *
 * @param args - the arguments after the command's name
 * @param output - where to write
 * @returns the running emulator, or the exit code when there is nothing to run: 0 after --help and --version, 2 for a mistake
 */
export async function runCommand(args: readonly string[], { out, err }: Output): Promise<Emulator | number> {
  const reading = await readOptions(args)
  if ('answer' in reading) {
    out(reading.answer)
    return 0
  }
  if ('mistake' in reading) {
    err(`${reading.mistake}\nSee --help for the options.\n`)
    return 2
  }
  try {
    const emulator = await startEmulator(reading.options)
    const { apps, secret } = reading.options
    out(describeEmulator(emulator, (apps?.[0]?.secret ?? secret) !== undefined))
    return emulator
  } catch (error) {
    err(`${explain(error, reading.options)}\n`)
    return error instanceof TypeError ? 2 : 1
  }
}
