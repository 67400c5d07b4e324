import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FalUnderTest, falUnderTest, steadyWorld } from './fal-under-test.ts';
import type { Job } from './ledger.ts';

const MODELS = ['fal-ai/flux/dev', 'fal-ai/flux/schnell', 'fal-ai/fast-sdxl'];
const FAILURES = ['runner_disconnected', 'content_policy_violation', 'no_media_generated', 'internal_error'];

type Deed =
  | { readonly kind: 'submit' | 'run'; readonly model: number }
  | { readonly kind: 'cancel' | 'hang-up'; readonly nth: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'fail'; readonly type: number };

const model = fc.nat({ max: MODELS.length - 1 });
const deeds = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('submit'), model }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('run'), model }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel'), nth: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('hang-up'), nth: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('advance'), ms: fc.nat({ max: 5000 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('fail'), type: fc.nat({ max: FAILURES.length - 1 }) }),
    },
  ),
  { maxLength: 40 },
) as fc.Arbitrary<Deed[]>;

const worlds = fc.record({
  limit: fc.integer({ min: 1, max: 4 }),
  discount: fc.integer({ min: 0, max: 100 }),
  warmRunners: fc.nat({ max: 2 }),
  maxRunners: fc.integer({ min: 2, max: 3 }),
  foreignQueue: fc.nat({ max: 3 }),
});

interface Drive {
  readonly fal: FalUnderTest;
  readonly submitted: { readonly id: string; readonly endpointId: string }[];
  readonly calls: AbortController[];
  readonly runStatuses: (number | 'aborted')[];
}

async function perform(drive: Drive, deed: Deed): Promise<void> {
  const { fal, submitted, calls } = drive;
  switch (deed.kind) {
    case 'submit': {
      const endpointId = MODELS[deed.model] ?? '';
      submitted.push({ id: await fal.submit(endpointId), endpointId });
      return;
    }
    case 'run': {
      const controller = new AbortController();
      calls.push(controller);
      const url = `https://fal.run/${MODELS[deed.model]}`;
      const call = fal.call('POST', url, { body: { prompt: 'x' }, signal: controller.signal });
      call.then(
        ({ status }) => drive.runStatuses.push(status),
        () => drive.runStatuses.push('aborted'),
      );
      await fal.clock.advance(0);
      return;
    }
    case 'cancel': {
      const job = submitted[deed.nth % submitted.length];
      if (job !== undefined) expect([202, 400]).toContain((await fal.cancel(job.id, job.endpointId)).status);
      return;
    }
    case 'hang-up':
      calls[deed.nth % calls.length]?.abort();
      await fal.clock.advance(0);
      return;
    case 'advance':
      await fal.clock.advance(deed.ms);
      return;
    case 'fail':
      fal.simulator.engine.failNext({ errorType: FAILURES[deed.type] ?? '' });
  }
}

function runningAt(jobs: readonly Job[], at: number): number {
  return jobs.filter(({ runs }) =>
    runs.some(({ startedAt, endedAt = Infinity }) => startedAt <= at && at < endedAt),
  ).length;
}

function checkJob(job: Job, world: { discount: number }): void {
  const isBilled = job.outcome === 'ok' || job.errorType === 'no_media_generated';
  const units = isBilled ? 1 : 0;
  expect(job.billableUnits).toBe(units);
  expect(job.chargedNano).toBe(
    Math.round((units * (job.unitPriceNano ?? NaN) * (100 - world.discount)) / 100),
  );
  let clock = job.submittedAt;
  for (const run of job.runs) {
    expect(run.startedAt).toBeGreaterThanOrEqual(clock);
    expect(run.coldStartMs).toBeLessThanOrEqual(run.startedAt - job.submittedAt);
    expect(run.endedAt).toBeGreaterThanOrEqual(run.startedAt);
    clock = run.endedAt ?? NaN;
  }
  expect(job.completedAt).toBeGreaterThanOrEqual(clock);
  expect(job.runs.length).toBeLessThanOrEqual(10);
}

test('whatever callers do, limits hold, money adds up and the ledger is complete', async () => {
  const property = fc.asyncProperty(worlds, deeds, async (setting, program) => {
    const { limit, discount, ...endpoint } = setting;
    const world = steadyWorld(
      { ...endpoint, foreignServiceMs: 300 },
      { concurrencyLimit: limit, percentDiscount: discount },
    );
    const drive: Drive = { fal: falUnderTest({ world }), submitted: [], calls: [], runStatuses: [] };
    const { simulator, clock } = drive.fal;
    for (const deed of program) await perform(drive, deed);
    await clock.advance(1_000_000);
    const { jobs } = simulator.ledger;
    for (const job of jobs) checkJob(job, { discount });
    for (const { runs } of jobs) {
      for (const run of runs) expect(runningAt(jobs, run.startedAt)).toBeLessThanOrEqual(limit);
    }
    const spent = jobs.reduce((sum, job) => sum + (job.chargedNano ?? 0), 0);
    expect(simulator.world.accounts.get('simulated-team')?.balanceNano).toBe(100e9 - spent);
    expect(jobs.filter(({ mode }) => mode === 'queue').map(({ requestId }) => requestId)).toEqual(
      drive.submitted.map(({ id }) => id),
    );
    expect(drive.runStatuses).toHaveLength(drive.calls.length);
    for (const status of drive.runStatuses) expect([200, 422, 429, 500, 503, 'aborted']).toContain(status);
    for (const { id } of MODELS.map((id) => ({ id }))) {
      expect(simulator.engine.load(id)).toMatchObject({ queued: 0, running: 0, bootingRunners: 0 });
    }
    for (const { id, endpointId } of drive.submitted) {
      const status = await drive.fal.status(id, endpointId);
      expect(status).toMatchObject({ status: 200, body: { status: 'COMPLETED' } });
      expect((await drive.fal.result(id, endpointId)).status).toBe(simulator.ledger.job(id)?.httpStatus);
    }
    simulator.close();
    expect(clock.pending).toBe(0);
  });
  await fc.assert(property, { numRuns: 150 });
}, 60_000);

test('positions only count down, and the next one in line is 0', async () => {
  const property = fc.asyncProperty(worlds, deeds, async ({ limit, foreignQueue }, program) => {
    const world = steadyWorld(
      { foreignQueue, foreignServiceMs: 300, maxRunners: 2 },
      { concurrencyLimit: limit },
    );
    const drive: Drive = { fal: falUnderTest({ world }), submitted: [], calls: [], runStatuses: [] };
    const last = new Map<string, number>();
    for (const deed of program) {
      // A lost runner sends a job back to the head of the line, which rightly moves the others back.
      if (deed.kind !== 'fail') await perform(drive, deed);
      for (const { id, endpointId } of drive.submitted) {
        const { status, body } = await drive.fal.status(id, endpointId);
        expect(status).toBe(body.status === 'COMPLETED' ? 200 : 202);
        const position = body.status === 'IN_QUEUE' ? Number(body.queue_position) : -1;
        expect(position).toBeLessThanOrEqual(last.get(id) ?? Infinity);
        last.set(id, position);
      }
    }
    drive.fal.simulator.close();
  });
  await fc.assert(property, { numRuns: 60 });
}, 60_000);

test('the same seed, clock and requests give the same answers', async () => {
  const story = async (seed: number): Promise<unknown> => {
    const fal = falUnderTest({ seed, scenario: 'demo', world: steadyWorld({ foreignQueue: 2 }) });
    for (const endpoint of fal.simulator.world.endpoints.values()) endpoint.inference.sigma = 0.4;
    for (let count = 0; count < 20; count += 1) {
      void fal.submit(MODELS[count % MODELS.length]);
      await fal.clock.advance(700);
    }
    await fal.clock.advance(120_000);
    return structuredClone(fal.simulator.ledger.jobs);
  };
  expect(await story(4)).toEqual(await story(4));
  expect(await story(4)).not.toEqual(await story(5));
});
