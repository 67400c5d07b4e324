import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{instrumentation,simulator,exporter,alert-rules,bench,test}/**/*.test.ts'],
          exclude: [...exclude, '**/story-*.test.ts'],
          // Properties over thousands of cases: a busy machine must not fail them, and nothing here is about speed.
          testTimeout: 30_000,
        },
      },
      // Real Prometheus, real processes, which mostly wait: two files at a time, so that two cores are enough.
      {
        test: {
          name: 'stories',
          include: ['test/**/story-*.test.ts'],
          exclude,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
