import { expect, it, vi } from 'vitest';
import { processWide } from './process-wide.ts';

it('is made once, and is the same for a second copy of the module', async () => {
  const create = vi.fn(() => new Set<string>());
  const first = processWide('test-of-two-copies', create);
  vi.resetModules();
  const copy = await import('./process-wide.ts');
  expect(copy.processWide).not.toBe(processWide);
  expect(copy.processWide('test-of-two-copies', create)).toBe(first);
  expect(create).toHaveBeenCalledTimes(1);
});

it('is not shared between names, nor seen by code that lists the globals', () => {
  const one = processWide('test-one', () => ({}));
  expect(processWide('test-two', () => ({}))).not.toBe(one);
  expect(Object.values(globalThis)).not.toContain(one);
});
