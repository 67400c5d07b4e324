import { expect, test, vi } from 'vitest';
import { changesOf, groundNow } from './ground.ts';

test('a file that leaves everything as it was has changed nothing', () => {
  const before = groundNow();
  vi.stubGlobal('fetch', () => undefined);
  vi.unstubAllGlobals();
  expect(changesOf(before, groundNow())).toEqual([]);
});

test.each<[string, () => () => void]>([
  [
    'globalThis.fetch',
    () => {
      vi.stubGlobal('fetch', () => undefined);
      return () => vi.unstubAllGlobals();
    },
  ],
  [
    'globalThis.setTimeout',
    () => {
      vi.useFakeTimers({ toFake: ['setTimeout'] });
      return () => vi.useRealTimers();
    },
  ],
  [
    'process.env.FAL_KEY_OF_THIS_TEST',
    () => {
      process.env.FAL_KEY_OF_THIS_TEST = 'x';
      return () => delete process.env.FAL_KEY_OF_THIS_TEST;
    },
  ],
  [
    'listeners for unhandledRejection',
    () => {
      const listener = (): void => undefined;
      process.on('unhandledRejection', listener);
      return () => process.off('unhandledRejection', listener);
    },
  ],
])('what a file leaves behind is named: %s', (name, leave) => {
  const before = groundNow();
  const tidy = leave();
  const changed = changesOf(before, groundNow());
  tidy();
  expect(changed).toEqual([name]);
  expect(changesOf(before, groundNow())).toEqual([]);
});

test('what only the caller can see counts as well', () => {
  expect(changesOf(groundNow({ meter: 1 }), groundNow({ meter: 2 }))).toEqual(['meter']);
});
