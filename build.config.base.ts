import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { defineBuildConfig, type BuildConfig } from 'unbuild'
import { mergePackage } from './scripts/internal/merge.mjs'
import { isMerged } from './scripts/internal/workspace.mjs'

const { compilerOptions } = JSON.parse(readFileSync(new URL('tsconfig.base.json', import.meta.url), 'utf8')) as {
  compilerOptions: Record<string, unknown>
}

/**
 * The one build of every package: each source file becomes one `.js` and one `.d.ts`, then the modules are merged into
 * one file (decision 0007), all but those that need a library of others. The declarations stay as they are.
 *
 * @param types - names of the ambient type packages that the package's own code needs
 * @returns the build config
 */
export const packageBuild = (types: string[] = []): BuildConfig[] =>
  defineBuildConfig({
    entries: [
      {
        builder: 'mkdist',
        input: './src',
        outDir: './dist',
        format: 'esm',
        ext: 'js',
        pattern: ['**/*.ts', '!**/*.test.ts', '!**/*.test-d.ts'],
        declaration: true,
        esbuild: { target: 'es2022' },
        typescript: {
          // A type error stops the build: declarations made in spite of one hold a silent `any`. Types of the sibling
          // packages come from their sources, by the condition in tsconfig.base.json, so packages build in any order.
          compilerOptions: { ...compilerOptions, types, noEmit: false, noEmitOnError: true },
        },
      },
    ],
    hooks: {
      // Before the check that every file that package.json names is there.
      'mkdist:done': async ({ options }) => {
        const name = basename(options.rootDir)
        if (isMerged(name)) await mergePackage(name)
      },
    },
    clean: true,
    failOnWarn: true,
  })

export default packageBuild()
