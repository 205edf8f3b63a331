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
    columns: Math.max(stdout.columns ?? 100, 40),
  }
  return TENANT_VARIABLES.some((name) => env[name] !== undefined) ? tenant(env, stdin, output) : tour(output)
}
