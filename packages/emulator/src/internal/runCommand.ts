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
  --help                   this text
`

type Reading = { readonly options: EmulatorOptions } | { readonly help: true } | { readonly mistake: string }

function readOptions(args: readonly string[]): Reading {
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
        help: { type: 'boolean', short: 'h' },
      },
    }))
  } catch (error) {
    // Its first sentence names the flag; the rest is about how to write positional arguments, of which there are none.
    return { mistake: (error as Error).message.split('. ')[0] ?? '' }
  }
  if (values.help) return { help: true }
  const { port: portText = String(DEFAULT_PORT), secret } = values
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : NaN
  if (!(port <= 65_535)) return { mistake: `--port ${portText} is no port: use 0 to 65535` }
  const alg = values['id-token-alg'] ?? 'HS256'
  if (alg !== 'HS256' && alg !== 'RS256') return { mistake: `--id-token-alg ${alg} is unknown: use HS256 or RS256` }
  const options: EmulatorOptions = {
    port,
    idTokenAlg: alg,
    ...(values['app-id'] !== undefined && { appId: values['app-id'] }),
    ...(secret !== undefined && { secret }),
    ...(values['redirect-uri'] !== undefined && { redirectUri: values['redirect-uri'] }),
  }
  return { options }
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
 * @returns the running emulator, or the exit code when there is nothing to run: 0 after --help, 2 for a mistake
 */
export async function runCommand(args: readonly string[], { out, err }: Output): Promise<Emulator | number> {
  const reading = readOptions(args)
  if ('help' in reading) {
    out(HELP)
    return 0
  }
  if ('mistake' in reading) {
    err(`${reading.mistake}\nSee --help for the options.\n`)
    return 2
  }
  try {
    const emulator = await startEmulator(reading.options)
    out(describeEmulator(emulator))
    return emulator
  } catch (error) {
    err(`${explain(error, reading.options)}\n`)
    return error instanceof TypeError ? 2 : 1
  }
}
