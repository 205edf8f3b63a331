// Weighs rows and single functions, from the packages' sources or from an application that has them installed.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packageUrl, root } from '../../scripts/internal/workspace.mjs'
import { ownerOf, weigh, withEsbuild, withRollup } from '../internal/bundle.mjs'
import { packages, rows } from './rows.mjs'

/** Bundles from the sources of this checkout: no build is needed. */
export const fromSource = { folder: fileURLToPath(root).replace(/\/$/, ''), conditions: ['genauth-source'] }

/** Every function that a package's barrel names, with the subpath that it has of its own. */
export const publicFunctions = () =>
  packages.flatMap((pkg) => {
    const barrel = readFileSync(new URL('src/index.ts', packageUrl(pkg)), 'utf8')
    return [...barrel.matchAll(/^export \{([^}]*)\} from '\.\/(.*)\.js'/gm)].flatMap(([, names, file]) =>
      names
        .split(',')
        .map((name) => name.trim().replace(/^.* as /, ''))
        .filter(Boolean)
        .map((name) => ({ pkg, name, file, code: `export { ${name} } from '@genauth-oidc/${pkg}/${file}'` })),
    )
  })

/** Bundles both ways. `inputs`: bytes by owner and file. */
export async function bundleBoth(code, options) {
  const [esbuild, rollup] = await Promise.all([withEsbuild(code, options), withRollup(code, options)])
  const inputs = Object.entries(esbuild.inputs)
    .map(([file, bytes]) => ({ ...ownerOf(file), bytes }))
    .filter(({ bytes, owner }) => bytes > 0 && owner != 'application')
    .sort((a, b) => b.bytes - a.bytes)
  return { esbuild: esbuild.code, rollup: rollup.code, inputs }
}

export async function weighBoth(code, options) {
  const bundle = await bundleBoth(code, options)
  const { esbuild, rollup, inputs } = bundle
  const weights = { esbuild: weigh(esbuild), rollup: weigh(rollup) }
  return { ...weights, bundle, inputs, most: Math.max(weights.esbuild.brotli, weights.rollup.brotli) }
}

/** All rows, and every function alone, by name. */
export async function weighAll(options) {
  const weights = { rows: {}, functions: {} }
  for (const { name, code, goal } of Object.values(rows))
    weights.rows[name] = { ...(await weighBoth(code, options)), goal }
  for (const { pkg, name, code } of publicFunctions())
    weights.functions[`${pkg}/${name}`] = { pkg, ...(await weighBoth(code, options)) }
  return weights
}
