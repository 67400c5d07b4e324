import { context } from '@opentelemetry/api';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beginTime, comeToRest, pass } from './conformance/passing-time.ts';
import { COMMANDS } from './model/test-commands.ts';
import { PlayedApp } from './model/test-app.ts';

beforeEach(() => {
  // The client spreads its pauses by chance; here they are all alike.
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  context.disable();
});

/** Lets every call come to its end, and then the minute in which detached requests still count as waited for. */
async function settle(app: PlayedApp): Promise<void> {
  app.fal.clearFaults();
  for (const job of app.fal.jobs.values()) job.state = 'COMPLETED';
  for (let i = 0; i < 3 && app.hasCallsInProgress; i += 1) await pass(9001);
  app.abortAll();
  for (let i = 0; i < 20 && app.hasCallsInProgress; i += 1) await pass(9001);
  expect(app.hasCallsInProgress).toBe(false);
  await app.compare();
  await pass(61_001);
}

async function play(commands: Iterable<fc.AsyncCommand<Record<string, never>, PlayedApp>>): Promise<void> {
  beginTime();
  const app = new PlayedApp();
  try {
    await comeToRest();
    await fc.asyncModelRun(() => ({ model: {}, real: app }), commands);
    await settle(app);
    const reading = await app.compare();
    expect(reading.sum('fal.client.active_requests')).toBe(0);
    expect(reading.sum('fal.client.oldest_request_age.seconds')).toBe(0);
    const ended = app.books.requests.filter(({ outcome }) => outcome !== undefined);
    expect(reading.sum('fal.client.requests')).toBe(ended.length);
    for (const { isAttached, outcome } of app.books.requests) if (isAttached) expect(outcome).toBeDefined();
    expect(app.recorder.openSpans).toBe(0);
  } finally {
    app.close();
    vi.useRealTimers();
  }
}

describe('whatever the app, fal and time do', () => {
  it('every logical request is counted once, as the books of the model have it', async () => {
    const commands = fc.commands(COMMANDS, { maxCommands: 25, size: '+1' });
    await fc.assert(fc.asyncProperty(commands, play), { numRuns: 500, includeErrorInReport: true });
  }, 60_000);
});
