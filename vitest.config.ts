import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/runner/longest-first.ts';

const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{instrumentation,simulator,exporter,alert-rules,dashboards,provisioning,bench,test}/**/*.test.ts',
          ],
          exclude: [...exclude, '**/story-*.test.ts', '**/browser-*.test.ts'],
          // Properties over thousands of cases: a busy machine must not fail them, and nothing here is about speed.
          testTimeout: 30_000,
          // All cores, where vitest would leave one free. The files of a worker share its modules, which would cost
          // a quarter of the time otherwise; the setup file makes sure that they share nothing else.
          maxWorkers: '100%',
          isolate: false,
          setupFiles: ['test/runner/keep-ground.ts'],
        },
      },
      // What needs the packages of the plugin, which are no part of the root's: its sources, its build and zip, and
      // real Chromium.
      {
        test: {
          name: 'plugin',
          include: [
            'grafana-plugin/{src,packaging,harness,e2e}/**/*.test.ts',
            'test/browser/**/browser-*.test.ts',
          ],
          exclude,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
      // Real Prometheus, real processes, which mostly wait: four files at a time are not too much for two cores.
      {
        test: {
          name: 'stories',
          include: ['test/**/story-*.test.ts'],
          exclude,
          maxWorkers: 4,
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
