import { defineConfig } from 'vitest/config'

// vitest 4 reads no workspace file by itself: every script names this one with --config.
const conditions = ['genauth-source', 'import', 'module', 'default']
// Long, so that a busy machine fails no test; what hangs is still ended.
const limits = { testTimeout: 60_000, hookTimeout: 60_000 }
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
}

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts'],
          ...limits,
        },
      },
      {
        ...shared,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/src/**/*.test-d.ts', 'tests/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
          },
        },
      },
      ...['architecture', 'conformance', 'interop'].map((name) => ({
        ...shared,
        test: { name, include: [`tests/${name}/**/*.test.ts`], ...limits },
      })),
      {
        // Tests of what is published: they need a build, and install into folders of their own.
        test: {
          name: 'dist',
          include: ['tests/dist/**/*.test.ts'],
          globalSetup: 'tests/dist/internal/packed.ts',
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxConcurrency: 2,
        },
      },
    ],
  },
})
