import type { Emulator, EmulatorApp } from '../types.js'

// JSON is not how people write TypeScript here: bare keys, single quotes.
const literal = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(literal).join(', ')}]`
    : typeof value === 'string'
      ? `'${value.replace(/[\\']/g, '\\$&')}'`
      : String(value)

const typescript = ({ config }: EmulatorApp): readonly string[] => [
  "import { defineConfig } from '@genauth-oidc/core/defineConfig'",
  '',
  'export const config = defineConfig({',
  ...Object.entries(config).map(([name, value]) => `  ${name}: ${literal(value)},`),
  '})',
]

// In single quotes nothing has a meaning, in files and in shells, but the quote itself.
const quoted = (text: string): string => (/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`)

const dotenv = ({ appId, secret, redirectUris }: EmulatorApp, appHost: string): readonly string[] => [
  `GENAUTH_APP_HOST=${appHost}`,
  `GENAUTH_APP_ID=${appId}`,
  // A dotenv file has no escape in single quotes.
  ...(secret === undefined ? [] : [`GENAUTH_APP_SECRET=${secret.includes("'") ? `"${secret}"` : quoted(secret)}`]),
  `GENAUTH_REDIRECT_URI=${redirectUris[0]}`,
]

const table = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
}

/**
 * What the command prints when it has started: the addresses, and configs to paste.
 *
 * @param emulator - the running emulator
 * @param kept - whether the first application's secret was chosen, and so is the same the next time
 */
export function describeEmulator(emulator: Emulator, kept: boolean): string {
  const { appHost, apps, issuer, port } = emulator
  const [first, ...others] = apps
  const addresses = table([
    ['Issuer', issuer],
    ['Discovery', `${issuer}/.well-known/openid-configuration`],
    ['JWKS', `${issuer}/.well-known/jwks.json`],
    ['OAuth 2.0', `${appHost}/oauth`],
    ['CAS', `${appHost}/cas-idp/${first.appId}`],
    ['Token check', `${appHost}/api/v2/oidc/validate_token`],
    ['Log out', `${appHost}/login/profile/logout`],
  ])
  const rest = others.flatMap((app) => [
    '',
    `${app.name}: GENAUTH_APP_ID=${app.appId}${app.secret === undefined ? '' : ` GENAUTH_APP_SECRET=${quoted(app.secret)}`} GENAUTH_REDIRECT_URI=${app.redirectUris[0]}`,
  ])
  return [
    `GenAuth emulator at ${appHost}. Any user name signs in. Ctrl+C stops it.`,
    '',
    ...addresses,
    '',
    `${first.name}, in TypeScript:`,
    '',
    ...typescript(first),
    '',
    'The same for .env:',
    '',
    ...dotenv(first, appHost),
    '',
    `Access key: ${first.accessKey} (secret: ${first.accessSecret})`,
    ...rest,
    '',
    ...(first.secret === undefined || kept
      ? []
      : [
          'The secret is new at each start. To keep it, add:',
          '',
          `  --port ${port} --secret ${quoted(first.secret)}`,
          '',
        ]),
  ].join('\n')
}
