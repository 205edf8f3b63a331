import { defineConfig } from 'vitest/config'

// vitest 4 reads no workspace file by itself: every script names this one with --config.
const conditions = ['genauth-source', 'import', 'module', 'default']
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
        test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout: 30_000 },
      })),
      {
        // Tests of what is published: they need a build, and install into folders of their own.
        test: {
          name: 'dist',
          include: ['tests/dist/**/*.test.ts'],
          globalSetup: 'tests/dist/internal/packed.ts',
          testTimeout: 120_000,
          maxConcurrency: 2,
        },
      },
    ],
  },
})
