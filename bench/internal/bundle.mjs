// Bundles a few lines of an application in the two ways that most applications are bundled, and weighs the result.
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import commonjs from '@rollup/plugin-commonjs'
import json from '@rollup/plugin-json'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import { minify } from 'terser'

/** Bytes as they travel: minified, with gzip at its best, with brotli at its best. */
export const weigh = (code) => ({
  min: Buffer.byteLength(code),
  gzip: gzipSync(code, { level: 9 }).length,
  brotli: brotliCompressSync(code, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(code),
    },
  }).length,
})

/**
 * Bundles with esbuild: minified, for browsers, ES2022.
 *
 * @param code - the application
 * @param options - `folder`: where its imports are resolved from; `conditions`: further export conditions; `plugins`
 * @returns the code, and how many of its bytes come from which file (esbuild's metafile)
 */
export async function withEsbuild(code, { folder, conditions = [], plugins = [] }) {
  const result = await build({
    stdin: { contents: code, resolveDir: folder, sourcefile: 'application.js', loader: 'js' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: [...conditions, 'import', 'browser', 'module'],
    mainFields: ['browser', 'module', 'main'],
    legalComments: 'none',
    charset: 'utf8',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    absWorkingDir: folder,
    metafile: true,
    write: false,
    plugins,
    logLevel: 'silent',
  })
  const [output] = Object.values(result.metafile.outputs)
  const inputs = Object.fromEntries(
    Object.entries(output.inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput]),
  )
  return { code: result.outputFiles[0].text.trimEnd(), inputs }
}

/** What turns the packages' own TypeScript into JavaScript, with the same tool and target as their build. */
const typescript = {
  name: 'typescript',
  resolveId(id, importer) {
    if (!id.startsWith('.') || !importer?.endsWith('.ts') || !id.endsWith('.js')) return null
    const file = fileURLToPath(new URL(id.replace(/\.js$/, '.ts'), `file://${importer}`))
    return existsSync(file) ? file : null
  },
  async transform(code, id) {
    if (extname(id) != '.ts') return null
    return { code: (await transform(code, { loader: 'ts', target: 'es2022' })).code, map: null }
  },
}

/**
 * Bundles with Rollup and minifies with terser, both as they are set by default but for ES2022.
 *
 * @param code - the application
 * @param options - as for esbuild; `plugins` are Rollup's
 * @returns the code
 */
export async function withRollup(code, { folder, conditions = [], plugins = [] }) {
  const entry = `${folder}/application.js`
  const bundle = await rollup({
    input: entry,
    plugins: [
      { name: 'application', resolveId: (id) => (id == entry ? id : null), load: (id) => (id == entry ? code : null) },
      ...plugins,
      typescript,
      nodeResolve({
        browser: true,
        preferBuiltins: false,
        exportConditions: [...conditions, 'import', 'browser', 'module', 'default'],
      }),
      commonjs(),
      json(),
    ],
    onwarn: () => {},
  })
  const { output } = await bundle.generate({ format: 'es', inlineDynamicImports: true })
  await bundle.close()
  const small = await minify(output[0].code, { module: true, ecma: 2022, format: { comments: false } })
  return { code: small.code.trimEnd() }
}

/** The package of a file in a metafile, or its path below `packages`. */
export function ownerOf(file) {
  const inModules = file.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)/)
  if (inModules) return { owner: inModules[1], file: inModules[2] }
  const own = file.match(/packages\/([^/]+)\/(.*)/)
  if (own) return { owner: `@genauth-oidc/${own[1]}`, file: own[2] }
  return { owner: 'application', file }
}
