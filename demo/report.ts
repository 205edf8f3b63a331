import { OidcError } from '@genauth-oidc/core/OidcError'

/** Where the demo writes, and how. */
export interface Output {
  readonly write: (text: string) => void
  readonly color: boolean
  /** Characters in a line. */
  readonly columns: number
}

/** What a step did: the request that it made last, or the link that it built. */
export interface Trace {
  readonly method: string
  readonly path: string
}

/** A section that can't go on; why was already printed. */
const failure = new Error('a step failed')

const CODES = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 }

/** The style of one piece of text, or none. */
export type Style = keyof typeof CODES

/** Prints the steps one line each, and counts them. */
export interface Report {
  /** Runs one section. A step that fails ends it; the next section is run all the same. */
  readonly section: (
    title: string,
    widths: readonly [name: number, route: number],
    steps: () => Promise<void>,
  ) => Promise<void>
  /** Runs one step of the section and prints it. */
  readonly step: <T>(name: string, act: () => T | Promise<T>, show: (result: T) => string) => Promise<T>
  /** Runs one step that has to be refused with this error. */
  readonly refused: (
    name: string,
    what: string,
    act: () => unknown,
    expected: Readonly<Record<string, unknown>>,
  ) => Promise<void>
  /** Prints a line that is no step. */
  readonly say: (text?: string, style?: Style) => void
  /** How many steps held, and how many failed. */
  readonly counts: () => { readonly passed: number; readonly failed: number }
}

/** Makes a token short enough to be shown: its beginning and its end. */
export const short = (token: string | undefined): string =>
  token === undefined ? 'none' : `${token.slice(0, 3)}…${token.slice(-4)}`

/** The one word of an error that says why. */
function briefOf(error: OidcError): string {
  switch (error.code) {
    case 'endpoint_error':
      return error.error ?? `${error.vendorCode ?? ''} ${error.vendorMessage ?? ''}`.trim()
    case 'token_invalid':
      return `${error.code} ${error.check}`
    case 'callback_invalid':
    case 'response_invalid':
      return `${error.code} ${error.reason}`
    default:
      return error.code
  }
}

/** The fields of an error that say why, all of them, in one line. They are free of secrets. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof OidcError)) return error instanceof Error ? error.message : String(error)
  switch (error.code) {
    case 'config_invalid':
      return error.issues.map(({ path, message }) => `${path}: ${message}`).join('; ')
    case 'argument_invalid':
    case 'unsupported_runtime':
      return error.message
    case 'authorization_error':
      return [error.error, error.errorDescription].filter(Boolean).join(': ')
    case 'endpoint_error':
      return [`HTTP ${error.status}`, briefOf(error), error.errorDescription].filter(Boolean).join(': ')
    case 'network':
    case 'timeout':
    case 'aborted':
      return `${error.code} ${error.errorCode ?? ''}`.trim()
    default:
      return `${briefOf(error)}: ${error.message}`
  }
}

/**
 * Makes a report.
 *
 * @param output - where to write
 * @param trace - what the step that has just run did; undefined when it asked nobody
 * @returns the report
 */
export function createReport(output: Output, trace: { take(): Trace | undefined }): Report {
  const { color, columns, write } = output
  const count = { passed: 0, failed: 0 }
  let widths: readonly [number, number] = [0, 0]

  const paint = (text: string, style?: Style): string =>
    color && style ? `\u001B[${CODES[style]}m${text}\u001B[0m` : text
  // Cut before it is painted: a cut through a colour would colour the rest of the screen.
  const line = (parts: readonly (readonly [string, Style?])[]): void => {
    let left = columns
    let text = ''
    for (const [part, style] of parts) {
      const shown = part.length > left ? `${part.slice(0, Math.max(left - 1, 0))}…` : part
      text += paint(shown, style)
      left -= part.length
      if (left < 0) break
    }
    write(`${text.trimEnd()}\n`)
  }
  const report = (ok: boolean, name: string, result: string): void => {
    const used = trace.take()
    const route = used ? `${used.method} ${used.path}` : 'no request'
    count[ok ? 'passed' : 'failed']++
    line([
      [ok ? '  ✓ ' : '  ✗ ', ok ? 'green' : 'red'],
      [name.padEnd(widths[0] + 2)],
      [route.padEnd(widths[1] + 2), 'dim'],
      ...(ok ? [[result] as const] : []),
    ])
    // What failed is worth a line of its own, whole.
    if (!ok) write(`    ${paint(result, 'red')}\n`)
  }

  return {
    async section(title, sectionWidths, steps) {
      widths = sectionWidths
      write('\n')
      line([[title, 'bold']])
      try {
        await steps()
      } catch (error) {
        if (error !== failure) report(false, 'demo', reasonOf(error))
      }
    },
    async step(name, act, show) {
      trace.take()
      try {
        const result = await act()
        report(true, name, show(result))
        return result
      } catch (error) {
        report(false, name, reasonOf(error))
        throw failure
      }
    },
    async refused(name, what, act, expected) {
      trace.take()
      let caught: unknown
      try {
        await act()
      } catch (error) {
        caught = error
      }
      const fields = caught as Readonly<Record<string, unknown>> | undefined
      if (
        caught instanceof OidcError &&
        Object.entries(expected).every(([field, value]) => fields?.[field] === value)
      ) {
        report(true, name, `${what} refused: ${briefOf(caught)}`.trimStart())
        return
      }
      report(false, name, caught === undefined ? `${what} was accepted` : `${what}: ${reasonOf(caught)}`)
      throw failure
    },
    say: (text = '', style) => write(`${paint(text, style)}\n`),
    counts: () => ({ ...count }),
  }
}
