import { globSync } from 'node:fs';
import { dirname, matchesGlob } from 'node:path';
import { expect, test } from 'vitest';
import config from '../../vitest.config.ts';

interface Project {
  readonly test: {
    readonly name: string;
    readonly include: readonly string[];
    readonly exclude: readonly string[];
  };
}

/** What vitest itself does with the patterns, so that no test file is forgotten or run twice. */
function projectsOf(file: string): string[] {
  const matches = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesGlob(file, pattern));
  return (config.test?.projects as unknown as Project[])
    .filter(({ test: { include, exclude } }) => matches(include) && !matches(exclude))
    .map(({ test: { name } }) => name);
}

test('every test file of the repository belongs to exactly one project', () => {
  const root = dirname(dirname(import.meta.dirname));
  const files = globSync('**/*.{test,spec}.{ts,js,tsx,mts}', {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist|e2e\/tests)$/.test(path),
  });
  expect(files).toContain('test/runner/test-files.test.ts');
  expect(files.filter((file) => projectsOf(file).length !== 1)).toEqual([]);
});

test('stories are the files of test/ that are named so', () => {
  expect(projectsOf('test/story-outage.test.ts')).toEqual(['stories']);
  expect(projectsOf('test/prometheus-config.test.ts')).toEqual(['unit']);
  expect(projectsOf('exporter/src/metrics/store.test.ts')).toEqual(['unit']);
  expect(projectsOf('elsewhere/store.test.ts')).toEqual([]);
});
