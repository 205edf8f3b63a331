// The suite in one file, the same bytes for every runtime: made of the built packages, as an application gets them.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('../', import.meta.url))

const options = {
  absWorkingDir: folder,
  bundle: true,
  write: false,
  platform: 'browser',
  target: 'es2022',
  // A development condition would take the sources of the workspace.
  conditions: ['module', 'import'],
  tsconfigRaw: {},
  legalComments: 'none',
}

const bundle = async (more) => (await build({ ...options, ...more })).outputFiles[0].text

/** As a module that exports `run`, and as a script that leaves it in the global `suite`. */
export async function bundleSuite() {
  const entry = { entryPoints: ['suite/run.ts'] }
  return {
    module: await bundle({ ...entry, format: 'esm' }),
    script: await bundle({ ...entry, format: 'iife', globalName: 'suite' }),
  }
}

/** The single-page application in which a person signs in. */
export const bundleApplication = () => bundle({ entryPoints: ['application.ts'], format: 'esm' })
