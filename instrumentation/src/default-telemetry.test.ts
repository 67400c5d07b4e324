import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { currentTelemetry, ensureTelemetry, useTelemetry } from './default-telemetry.ts';
import { FalTelemetry } from './telemetry.ts';

beforeEach(() => useTelemetry(undefined));
afterEach(() => useTelemetry(undefined));

it('is none before any instrumentation began', () => {
  expect(currentTelemetry()).toBeUndefined();
});

it('is made once, with the settings of the first that asks', () => {
  const first = ensureTelemetry({ attributes: ['team'] });
  expect(ensureTelemetry({ attributes: ['other'] })).toBe(first);
  expect(currentTelemetry()).toBe(first);
});

it('is the one that was set, until another is', () => {
  const mine = new FalTelemetry();
  useTelemetry(mine);
  expect(ensureTelemetry()).toBe(mine);
  const other = new FalTelemetry();
  useTelemetry(other);
  expect(currentTelemetry()).toBe(other);
});

it('is shared by two copies of the package', async () => {
  const mine = ensureTelemetry();
  vi.resetModules();
  const copy = await import('./default-telemetry.ts');
  expect(copy.currentTelemetry).not.toBe(currentTelemetry);
  expect(copy.currentTelemetry()).toBe(mine);
});
