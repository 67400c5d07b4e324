import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorType } from '../errors/error-type.ts';
import { RequestLifeCycle, type RequestRecord } from './life-cycle.ts';
import type { Measured, Observation } from './observation.ts';
import type { RequestPart } from './request-part.ts';

function tell(observations: readonly Observation[]): RequestRecord {
  const lifeCycle = new RequestLifeCycle();
  for (const observation of observations) lifeCycle.observe(observation);
  return lifeCycle.record();
}

const submitted = (at: number, queuePosition?: number): Observation => ({
  kind: 'submitted',
  at,
  requestId: 'r1',
  queuePosition,
});

describe('the life of a request', () => {
  it('splits a plain queued request into its parts', () => {
    const record = tell([
      { kind: 'started', at: 100 },
      { kind: 'attempt_ended', at: 100.2 },
      submitted(100.2, 3),
      { kind: 'queued', at: 100.7, queuePosition: 1 },
      { kind: 'running', at: 101.2 },
      { kind: 'completed', at: 104.2, inferenceSeconds: 2.9 },
      { kind: 'result_requested', at: 104.2 },
      { kind: 'attempt_ended', at: 104.5 },
      { kind: 'finished', at: 104.5, billableUnits: 1.05 },
    ]);
    expect(record).toMatchObject({
      state: 'finished',
      outcome: 'ok',
      requestId: 'r1',
      attempts: 2,
      platformRetries: 0,
      billableUnits: 1.05,
      inference: { seconds: 2.9, certainty: 'exact' },
    });
    expect(record.total?.seconds).toBeCloseTo(4.5);
    expect(record.submit?.seconds).toBeCloseTo(0.2);
    expect(record.queueWait).toMatchObject({ certainty: 'inferred' });
    expect(record.queueWait?.seconds).toBeCloseTo(1);
    expect(record.queueWait?.boundSeconds).toBeCloseTo(0.5);
    expect(record.resultFetch?.seconds).toBeCloseTo(0.3);
  });

  it('infers the queue wait of a job that was never seen running from what fal reports', () => {
    const record = tell([
      { kind: 'started', at: 0 },
      submitted(0.1),
      { kind: 'completed', at: 3.1, inferenceSeconds: 2 },
    ]);
    expect(record.queueWait?.seconds).toBeCloseTo(1);
    expect(record.queueWait).toMatchObject({ certainty: 'inferred', boundSeconds: 3 });
  });

  it('knows no queue wait when nothing tells of one', () => {
    expect(
      tell([{ kind: 'started', at: 0 }, submitted(1), { kind: 'completed', at: 2 }]).queueWait,
    ).toBeUndefined();
    expect(
      tell([
        { kind: 'started', at: 0 },
        { kind: 'finished', at: 2 },
      ]).queueWait,
    ).toBeUndefined();
  });

  it('counts a job that falls back into the queue as retried by the platform, and its first run as the end of the wait', () => {
    const record = tell([
      submitted(0),
      { kind: 'running', at: 1 },
      { kind: 'running', at: 1.5 },
      { kind: 'queued', at: 2 },
      { kind: 'running', at: 4 },
      { kind: 'queued', at: 5 },
      { kind: 'running', at: 6 },
    ]);
    expect(record).toMatchObject({ platformRetries: 2, state: 'running' });
    expect(record.queueWait?.seconds).toBe(1);
  });

  it('sees no retry in polls that merely arrive late', () => {
    const record = tell([
      submitted(0),
      { kind: 'running', at: 2 },
      { kind: 'queued', at: 1, queuePosition: 0 },
    ]);
    expect(record).toMatchObject({ platformRetries: 0, state: 'running' });
    expect(record.queueWait?.boundSeconds).toBe(1);
  });

  it('shows the last queue position until the job runs', () => {
    const lifeCycle = new RequestLifeCycle();
    lifeCycle.observe(submitted(0, 7));
    lifeCycle.observe({ kind: 'queued', at: 1, queuePosition: 4 });
    expect(lifeCycle.record().queuePosition).toBe(4);
    lifeCycle.observe({ kind: 'running', at: 2 });
    expect(lifeCycle.record().queuePosition).toBeUndefined();
  });

  it('keeps its first ending whatever the client still polls', () => {
    const record = tell([
      { kind: 'started', at: 0 },
      submitted(0.1),
      { kind: 'abandoned', at: 10 },
      { kind: 'running', at: 11 },
      { kind: 'completed', at: 12, inferenceSeconds: 1 },
      { kind: 'finished', at: 13, billableUnits: 1 },
    ]);
    expect(record).toMatchObject({
      state: 'abandoned',
      outcome: 'timeout',
      errorType: 'client_timeout',
      total: { seconds: 10 },
    });
    expect(record.inference).toBeUndefined();
  });

  it('leaves out a reported run time that cannot be true', () => {
    const record = tell([
      { kind: 'started', at: 0 },
      submitted(0),
      { kind: 'completed', at: 5, inferenceSeconds: 4000 },
    ]);
    expect(record.inference).toBeUndefined();
    expect(record.queueWait).toBeUndefined();
  });

  it.each([NaN, -1, Infinity])('leaves out a reported run time of %s', (inferenceSeconds) => {
    expect(tell([submitted(0), { kind: 'completed', at: 5, inferenceSeconds }]).inference).toBeUndefined();
  });

  it('walks through its states in the words of the glossary', () => {
    const lifeCycle = new RequestLifeCycle();
    const states = [lifeCycle.record().state];
    const steps: Observation[] = [
      { kind: 'started', at: 0 },
      submitted(1),
      { kind: 'queued', at: 2 },
      { kind: 'running', at: 3 },
      { kind: 'completed', at: 4 },
      { kind: 'result_requested', at: 5 },
      { kind: 'failed', at: 6, errorType: 'content_policy_violation' },
    ];
    for (const step of steps) {
      lifeCycle.observe(step);
      states.push(lifeCycle.record().state);
    }
    expect(states).toEqual([
      'new',
      'submitting',
      'queued',
      'queued',
      'running',
      'completed',
      'fetching',
      'failed',
    ]);
  });

  it('has an age only while it is in flight', () => {
    const lifeCycle = new RequestLifeCycle();
    expect(lifeCycle.ageSeconds(5)).toBeUndefined();
    lifeCycle.observe({ kind: 'started', at: 1 });
    expect(lifeCycle.ageSeconds(5)).toBe(4);
    expect(lifeCycle.ageSeconds(0)).toBe(0);
    lifeCycle.observe({ kind: 'cancelled', at: 6 });
    expect(lifeCycle.ageSeconds(9)).toBeUndefined();
  });
});

/** A queued request with two files, seen in all its parts. */
const WHOLE: readonly Observation[] = [
  { kind: 'started', at: 100 },
  { kind: 'upload_started', at: 100.5 },
  { kind: 'upload_started', at: 101 },
  { kind: 'upload_ended', at: 101.5 },
  { kind: 'upload_ended', at: 102.5 },
  submitted(103),
  { kind: 'queued', at: 104 },
  { kind: 'running', at: 106 },
  { kind: 'completed', at: 110, inferenceSeconds: 3 },
  { kind: 'result_requested', at: 110.5 },
  { kind: 'finished', at: 111 },
];

function partsOf(observations: readonly Observation[]): RequestPart[] {
  const lifeCycle = new RequestLifeCycle();
  for (const observation of observations) lifeCycle.observe(observation);
  return lifeCycle.parts();
}

describe('the parts of a request', () => {
  it('lie where they were on the clock of the observations, and say how well they are known', () => {
    expect(partsOf(WHOLE)).toEqual([
      { name: 'upload', from: 100.5, to: 102.5, certainty: 'exact' },
      { name: 'submit', from: 100, to: 103, certainty: 'exact' },
      { name: 'queue_wait', from: 103, to: 106, certainty: 'inferred', boundSeconds: 2 },
      { name: 'inference', from: 107, to: 110, certainty: 'exact' },
      { name: 'result_fetch', from: 110.5, to: 111, certainty: 'exact' },
    ]);
  });

  it('are none where nothing is known', () => {
    expect(partsOf([])).toEqual([]);
    expect(partsOf([{ kind: 'started', at: 1 }])).toEqual([]);
  });

  it('are only those that were over when the request failed', () => {
    const failed: Observation = { kind: 'failed', at: 107, errorType: 'network_error' };
    expect(partsOf([...WHOLE.slice(0, 8), failed]).map(({ name }) => name)).toEqual([
      'upload',
      'submit',
      'queue_wait',
    ]);
  });

  it('measure the files once, and none while one is on its way', () => {
    expect(tell(WHOLE).upload).toEqual({ seconds: 2, certainty: 'exact' });
    expect(tell(WHOLE.slice(0, 4)).upload).toBeUndefined();
    expect(tell([{ kind: 'started', at: 0 }]).upload).toBeUndefined();
  });
});

describe('a streamed answer', () => {
  it('is timed to its first piece, in whatever order the pieces are told', () => {
    const pieces: Observation[] = [
      { kind: 'first_chunk', at: 5 },
      { kind: 'first_chunk', at: 2.5 },
      { kind: 'first_chunk', at: 9 },
    ];
    expect(tell([{ kind: 'started', at: 1 }, ...pieces]).timeToFirstChunk?.seconds).toBe(1.5);
    expect(tell(pieces).timeToFirstChunk).toBeUndefined();
  });
});

describe('a failed request', () => {
  it.each([
    ['network_error', 'timeout', 'timeout'],
    ['network_error', undefined, 'error'],
    ['request_timeout', undefined, 'timeout'],
    ['aborted', undefined, 'cancelled'],
    ['request_timeout', 'error', 'error'],
  ] as const)('by %s told as %s ends as %s', (errorType, outcome, expected) => {
    const record = tell([
      { kind: 'started', at: 0 },
      { kind: 'failed', at: 2, errorType, outcome },
    ]);
    expect(record).toMatchObject({ outcome: expected, errorType, state: 'failed', total: { seconds: 2 } });
  });
});

const at = fc.oneof(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.constantFrom(NaN, Infinity, -5));
const seconds = fc.option(fc.oneof(fc.double(), fc.double({ min: 0, max: 100, noNaN: true })), {
  nil: undefined,
});
const position = fc.option(fc.oneof(fc.nat(20_000), fc.double()), { nil: undefined });
const observation: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('started', 'attempt_ended', 'running', 'result_requested'), at }),
  fc.record({ kind: fc.constantFrom('upload_started', 'upload_ended', 'first_chunk'), at }),
  fc.record({ kind: fc.constantFrom('cancelled', 'abandoned'), at }),
  fc.record({ kind: fc.constant('submitted'), at, requestId: fc.string(), queuePosition: position }),
  fc.record({ kind: fc.constant('queued'), at, queuePosition: position }),
  fc.record({ kind: fc.constant('completed'), at, inferenceSeconds: seconds }),
  fc.record({ kind: fc.constant('finished'), at, billableUnits: seconds }),
  fc.record({
    kind: fc.constant('failed'),
    at,
    errorType: fc.constantFrom<ErrorType>('request_timeout', 'not_found'),
  }),
);

function measuredParts(record: RequestRecord): Measured[] {
  const { upload, timeToFirstChunk } = record;
  const parts = [record.total, record.submit, record.queueWait, record.inference, record.resultFetch];
  parts.push(upload, timeToFirstChunk);
  return parts.filter((part) => part !== undefined);
}

describe('any history of a request', () => {
  it('gives no number that is negative or not finite', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 40 }), (history) => {
        const record = tell(history);
        for (const part of measuredParts(record)) {
          expect(part.seconds).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(part.seconds)).toBe(true);
          expect(part.boundSeconds ?? 0).toBeGreaterThanOrEqual(0);
        }
        expect(record.platformRetries).toBeGreaterThanOrEqual(0);
        expect(record.attempts).toBe(
          history.filter((o) => o.kind === 'attempt_ended' && Number.isFinite(o.at)).length,
        );
        expect(record.queuePosition === undefined || Number.isInteger(record.queuePosition)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('has parts that end after they begin', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 40 }), (history) => {
        // Uploads are told in order by one clock, unlike polls.
        const told = history.filter(({ kind }) => !kind.startsWith('upload'));
        for (const { from, to } of partsOf(told)) {
          expect(Number.isFinite(from)).toBe(true);
          expect(to).toBeGreaterThanOrEqual(from);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('ends once and stays as it ended', () => {
    fc.assert(
      fc.property(
        fc.array(observation, { maxLength: 30 }),
        fc.array(observation, { maxLength: 10 }),
        (history, late) => {
          const ended: Observation[] = [...history, { kind: 'finished', at: 20_000 }];
          const before = tell(ended);
          const after = tell([...ended, ...late]);
          expect({ ...after, attempts: 0 }).toEqual({ ...before, attempts: 0 });
        },
      ),
    );
  });

  it('gives the same waits in whatever order the polls arrive', () => {
    const polls = fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 25 }).chain((times) => {
      const sorted = [...times].sort((a, b) => a - b);
      return fc.record({
        sorted: fc.constant(sorted),
        states: fc.array(fc.constantFrom('queued' as const, 'running' as const), {
          minLength: sorted.length,
          maxLength: sorted.length,
        }),
        order: fc.shuffledSubarray([...sorted.keys()], {
          minLength: sorted.length,
          maxLength: sorted.length,
        }),
      });
    });
    fc.assert(
      fc.property(polls, ({ sorted, states, order }) => {
        const seen = sorted.map((time, i): Observation => ({ kind: states[i] ?? 'queued', at: time + 1 }));
        const shuffled = order.map((i) => seen[i]).filter((o) => o !== undefined);
        const [inOrder, anyOrder] = [tell([submitted(0), ...seen]), tell([submitted(0), ...shuffled])];
        expect(anyOrder.queueWait?.seconds).toEqual(inOrder.queueWait?.seconds);
        expect(anyOrder.state).toEqual(inOrder.state);
        expect(anyOrder.platformRetries).toEqual(inOrder.platformRetries);
      }),
      { numRuns: 1000 },
    );
  });
});
