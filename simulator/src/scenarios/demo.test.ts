import { expect, test } from 'vitest';
import { defaultWorld } from '../default-world.ts';
import { IMAGE_MODEL, VIDEO_MODEL, falUnderTest } from '../fal-under-test.ts';
import { trueInferenceMs, trueQueueWaitMs } from '../ledger.ts';
import type { Job } from '../ledger.ts';
import { DEMO } from './demo.ts';
import type { Change } from './scenario.ts';

const IMAGE_MODELS = [IMAGE_MODEL, 'fal-ai/flux/schnell', 'fal-ai/fast-sdxl'];

/** One submit per second, going round the image models; every sixteenth is a video. */
async function demoFor(seconds: number): Promise<ReturnType<typeof falUnderTest>> {
  const fal = falUnderTest({ world: defaultWorld(), scenario: 'demo', ledgerLimits: { exchanges: 500 } });
  for (const account of fal.simulator.world.accounts.values()) account.balanceNano = 1e12;
  for (let second = 0; second < seconds; second += 1) {
    void fal.submit(second % 16 === 3 ? VIDEO_MODEL : IMAGE_MODELS[second % IMAGE_MODELS.length]);
    await fal.clock.advance(1000);
  }
  await fal.clock.advance(300_000);
  return fal;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

test('within a minute there is a cold start and a slow spell', async () => {
  const { simulator } = await demoFor(60);
  const { jobs } = simulator.ledger;
  expect(jobs.some(({ runs }) => (runs[0]?.coldStartMs ?? 0) > 3000)).toBe(true);
  const ofFirst = jobs.filter(({ endpointId }) => endpointId === IMAGE_MODEL);
  const start = jobs[0]?.submittedAt ?? 0;
  const inferences = (from: number, to: number): number[] =>
    ofFirst
      .filter(({ submittedAt }) => submittedAt - start >= from && submittedAt - start < to)
      .flatMap((job) => trueInferenceMs(job) ?? []);
  expect(median(inferences(26_000, 60_000))).toBeGreaterThan(2.5 * median(inferences(0, 22_000)));
});

test('over twenty minutes two to three requests in a hundred fail, for several reasons', async () => {
  const { simulator } = await demoFor(1200);
  const failed = simulator.ledger.jobs.filter(({ outcome }) => outcome === 'error');
  const rate = failed.length / simulator.ledger.jobs.length;
  expect(rate).toBeGreaterThan(0.01);
  expect(rate).toBeLessThan(0.04);
  expect(new Set(failed.map(({ errorType }) => errorType)).size).toBeGreaterThanOrEqual(3);
  expect(simulator.ledger.jobs.some(({ runs }) => runs.length > 1)).toBe(true);
  const waitOf = (job: Job): number => trueQueueWaitMs(job) ?? 0;
  expect(Math.max(...simulator.ledger.jobs.map(waitOf))).toBeGreaterThan(3000);
});

test('a long demo does not grow: exchanges are bounded and no timer is left over', async () => {
  const { simulator, clock } = await demoFor(900);
  expect(simulator.ledger.exchanges.length).toBeLessThanOrEqual(550);
  expect(simulator.ledger.jobs.every(({ outcome }) => outcome !== 'pending')).toBe(true);
  // What stays is the programme: the phases of this round and the start of the next one.
  expect(clock.pending).toBeLessThanOrEqual(2 * (DEMO.programme?.phases.length ?? 0) + 1);
});

test('phases that overlap in time do not set the same field', () => {
  const phases = DEMO.programme?.phases ?? [];
  const fields = (changes: readonly Change[]): string[] =>
    changes.flatMap((change) => {
      if (change.kind === 'slow') return [`${change.nth} inference`];
      return change.kind === 'endpoint'
        ? Object.keys(change.set).map((field) => `${change.nth} ${field}`)
        : [];
    });
  for (const [index, one] of phases.entries()) {
    expect(one.toMs).toBeLessThanOrEqual(DEMO.programme?.roundMs ?? 0);
    for (const other of phases.slice(index + 1)) {
      if (one.toMs <= other.fromMs || other.toMs <= one.fromMs) continue;
      expect(fields(one.changes).filter((field) => fields(other.changes).includes(field))).toEqual([]);
    }
  }
});
