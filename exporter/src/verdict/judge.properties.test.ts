import fc from 'fast-check';
import type { ErrorType } from 'opentelemetry-instrumentation-fal/core';
import { ERROR_TYPES } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import type { EndpointWitness, HostWitness, RunWitness, VerdictInput } from './input.ts';
import { judge } from './judge.ts';
import { CONFIDENCE, CONFIDENT, VERDICT_KINDS, type Verdict, type Verdicts } from './verdict.ts';

const NOW = Date.UTC(2026, 10, 21, 14, 15);

const anyNumber = fc.oneof(
  fc.double(),
  fc.integer({ min: -10, max: 1000 }),
  fc.constantFrom(NaN, Infinity, -Infinity, NOW),
);
const anyTime = fc.oneof(fc.integer({ min: NOW - 3_600_000, max: NOW }), anyNumber);
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const fault = fc.constantFrom('app', 'account', 'model', 'platform', 'network', 'unknown' as const);

const anyRun: fc.Arbitrary<RunWitness> = fc.record({
  at: anyTime,
  kind: fc.constantFrom('ok', 'failure', 'account', 'app' as const),
  tier: fc.constantFrom('free', 'queue', 'inference' as const),
  outcome: fc.constantFrom('ok', 'error', 'timeout', 'cancelled' as const),
  durationSeconds: optional(anyNumber),
  errorType: optional(fc.constantFrom(...(Object.keys(ERROR_TYPES) as ErrorType[]))),
  fault: optional(fault),
  reached: optional(fc.constantFrom('queue', 'runner' as const)),
});

const anyEndpoint = (id: string): fc.Arbitrary<EndpointWitness> =>
  fc.record({
    id: fc.constant(id),
    latencyLimitSeconds: anyNumber,
    runs: fc.array(anyRun, { maxLength: 7 }),
    ageSeconds: fc.oneof(fc.constant(10), anyNumber),
    intervalSeconds: fc.oneof(fc.constant(60), anyNumber),
    freshForSeconds: fc.oneof(fc.constant(225), anyNumber),
    failingSince: optional(anyTime),
  });

const anyHost: fc.Arbitrary<HostWitness> = fc.record({
  host: fc.constantFrom('queue.fal.run', 'fal.run', 'rest.fal.ai', 'api.fal.ai'),
  up: fc.boolean(),
  at: anyTime,
  since: anyTime,
  hasChanged: fc.boolean(),
  isStale: fc.boolean(),
  fault: optional(fault),
});

const NAMES = ['o/a', 'o/b', 'o/c', 'o/d'];

const anyInput: fc.Arbitrary<VerdictInput> = fc.record({
  endpoints: fc.subarray(NAMES).chain((names) => fc.tuple(...names.map(anyEndpoint))),
  gateways: fc.array(anyEndpoint(''), { maxLength: 1 }),
  hosts: fc.uniqueArray(anyHost, { maxLength: 4, selector: ({ host }) => host }),
  account: fc.record({
    lock: optional(
      fc.record({
        reason: fc.constantFrom('exhausted_balance', 'admin_lock', 'unknown' as const),
        since: anyTime,
        isFresh: fc.boolean(),
      }),
    ),
    keyRejectedSince: optional(anyTime),
  }),
  statusPage: optional(
    fc.record({
      host: fc.constant('status.fal.ai'),
      answeredAt: optional(anyTime),
      isUnreadable: fc.boolean(),
      incidents: fc.array(fc.string(), { maxLength: 2 }),
    }),
  ),
});

function all({ overall, endpoints }: Verdicts): Verdict[] {
  return [overall, ...endpoints];
}

/** A good run a minute, the newest ten seconds ago. */
function goodRuns(count: number): RunWitness[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ at: NOW - 10_000 - (count - 1 - index) * 60_000, durationSeconds: 2 },
    ...{ kind: 'ok' as const, tier: 'inference' as const, outcome: 'ok' as const },
  }));
}

function healthy(id: string, count = 5): EndpointWitness {
  return {
    ...{ id, latencyLimitSeconds: 60, ageSeconds: 10, intervalSeconds: 60, freshForSeconds: 225 },
    runs: goodRuns(count),
  };
}

const QUIET = { gateways: [], hosts: [], account: {} };

describe('for any input at all, the verdict', () => {
  it('exists, with a confidence from 0 to 1 and evidence in words', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const verdicts = judge(input);
        expect(verdicts.endpoints.map(({ endpointId }) => endpointId)).toEqual(
          input.endpoints.map(({ id }) => id),
        );
        for (const { verdict, confidence, evidence } of all(verdicts)) {
          expect(VERDICT_KINDS).toContain(verdict);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
          expect(evidence.length).toBeGreaterThan(0);
          expect(evidence.join(' ')).not.toMatch(/undefined|\[object/);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('that is unknown is never confident', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const { verdict, confidence } of all(judge(input))) {
          if (verdict === 'unknown') expect(confidence).toBeLessThanOrEqual(CONFIDENCE.GUESS);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order of the models', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const forth = judge(input);
        const back = judge({ ...input, endpoints: input.endpoints.toReversed() });
        const core = ({ verdict, confidence, cause, since }: Verdict): unknown => [
          verdict,
          confidence,
          cause,
          since,
        ];
        expect(core(back.overall)).toEqual(core(forth.overall));
        expect(back.endpoints.toReversed().map(core)).toEqual(forth.endpoints.map(core));
      }),
      { numRuns: 400 },
    );
  });

  it('is the account’s for everybody while it is locked', () => {
    const lock = { reason: 'exhausted_balance' as const, since: NOW, isFresh: true };
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const verdict of all(judge({ ...input, account: { ...input.account, lock } }))) {
          expect(verdict).toMatchObject({
            verdict: 'account',
            cause: 'locked',
            confidence: CONFIDENCE.PROVEN,
          });
        }
      }),
    );
  });

  it('accuses nobody without a fresh run and without a look at the hosts', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const endpoints = input.endpoints.map((one) => ({ ...one, ageSeconds: 1000, freshForSeconds: 225 }));
        for (const { verdict } of all(judge({ ...QUIET, endpoints }))) expect(verdict).toBe('unknown');
        const silent = input.endpoints.map((one) => ({ ...one, runs: [] }));
        for (const { verdict, confidence } of all(judge({ ...QUIET, endpoints: silent }))) {
          expect([verdict, confidence]).toEqual(['unknown', 0]);
        }
      }),
    );
  });
});

describe('the verdict on good runs', () => {
  it('is ok, and after three of them surely so', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 8 }), fc.integer({ min: 1, max: 4 }), (count, models) => {
        const endpoints = NAMES.slice(0, models).map((id) => healthy(id, count));
        for (const { verdict, confidence } of all(judge({ ...QUIET, endpoints }))) {
          expect(verdict).toBe('ok');
          expect(confidence).toBeGreaterThanOrEqual(CONFIDENT);
        }
      }),
    );
  });

  it('stays ok at a single bad run of any kind, at any place', () => {
    fc.assert(
      fc.property(anyRun, fc.nat(4), (bad, place) => {
        const runs = goodRuns(5).map((run, index) => (index === place ? { ...bad, at: run.at } : run));
        const account = bad.errorType === 'unauthorized' ? { keyRejectedSince: NOW - 300_000 } : {};
        const endpoints = [{ ...healthy('o/a'), runs }, healthy('o/b')];
        expect(judge({ ...QUIET, account, endpoints }).overall.verdict).toBe('ok');
      }),
    );
  });
});

describe('another model that is well', () => {
  it('never turns the fault of a model into one of the platform', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const before = judge(input);
        const after = judge({ ...input, endpoints: [...input.endpoints, healthy('o/well')] });
        before.endpoints.forEach(({ verdict }, index) => {
          if (verdict === 'model') expect(after.endpoints[index]?.verdict).not.toBe('platform');
        });
        expect(after.endpoints.at(-1)?.verdict).toMatch(/^(ok|account)$/);
      }),
      { numRuns: 400 },
    );
  });

  it('never makes an accusation of the platform surer', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const before = judge(input).overall;
        const after = judge({ ...input, endpoints: [...input.endpoints, healthy('o/well')] }).overall;
        if (before.cause === 'most_failing' && after.cause === 'most_failing') {
          expect(after.confidence).toBeLessThanOrEqual(before.confidence);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('an official incident', () => {
  it('changes no verdict, and lifts only accusations of fal', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const page = { host: 'status.fal.ai', answeredAt: undefined, isUnreadable: false };
        const without = judge({ ...input, statusPage: { ...page, incidents: [] } });
        const within = judge({ ...input, statusPage: { ...page, incidents: ['Trouble'] } });
        all(within).forEach((verdict, index) => {
          const plain = all(without)[index];
          expect(verdict.verdict).toBe(plain?.verdict);
          if (verdict.verdict !== 'model' && verdict.verdict !== 'platform') {
            expect(verdict.confidence).toBe(plain?.confidence);
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});
