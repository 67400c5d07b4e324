import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { inOrder, LONGEST } from './longest-first.ts';

const ROOT = dirname(dirname(import.meta.dirname));

test('the longest files come first, longest first, and the others keep their order', () => {
  const [first = '', second = ''] = LONGEST;
  const files = ['/r/b.test.ts', `/r/${second}`, '/r/a.test.ts', `/r/${first}`];
  expect(inOrder(files, (path) => path)).toEqual([
    `/r/${first}`,
    `/r/${second}`,
    '/r/b.test.ts',
    '/r/a.test.ts',
  ]);
});

test('every file in the list exists, once', () => {
  expect(LONGEST.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect(new Set(LONGEST).size).toBe(LONGEST.length);
});
