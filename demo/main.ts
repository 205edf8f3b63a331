import { tenant, TENANT_VARIABLES } from './tenant.js'
import { tour } from './tour.js'

/**
 * What `npm start` does once everything is in place.
 *
 * @returns the exit code
 */
export async function main(): Promise<number> {
  const { env, stdin, stdout } = process
  const output = {
    write: (text: string) => void stdout.write(text),
    color: stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    // Made for 100: a narrower terminal wraps a line, which says more than a cut one.
    columns: Math.max(stdout.columns ?? 0, 100),
  }
  return TENANT_VARIABLES.some((name) => env[name] !== undefined) ? tenant(env, stdin, output) : tour(output)
}
