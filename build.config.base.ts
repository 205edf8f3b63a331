import { defineBuildConfig } from 'unbuild'

/**
 * The one build of every package: each source file becomes one `.js` and one `.d.ts`, so that an import of a single
 * function loads a single function, with and without a bundler.
 */
export default defineBuildConfig({
  entries: [
    {
      builder: 'mkdist',
      input: './src',
      outDir: './dist',
      format: 'esm',
      ext: 'js',
      declaration: true,
      pattern: ['**/*.ts', '!**/*.test.ts', '!**/*.test-d.ts'],
      esbuild: { target: 'es2022' },
    },
  ],
  clean: true,
  failOnWarn: true,
})
