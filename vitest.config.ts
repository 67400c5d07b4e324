import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['{instrumentation,simulator,exporter}/src/**/*.test.ts'] } },
      // Real Prometheus, real processes: one after the other, so that two cores are enough.
      {
        test: {
          name: 'stories',
          include: ['test/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
