import type { DataFrame, FieldConfig } from '@grafana/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame } from '../../reading/frame.builder.ts';
import type { Row } from './row.ts';
import { rowsOf } from './rows.ts';

const MINUTE = 60_000;
const TIMES = Array.from({ length: 61 }, (_, index) => index * MINUTE);
const RANGE = { from: 0, to: 60 * MINUTE };

function state(
  endpointId: string,
  verdict: string,
  more: { account?: string; times?: number[] } = {},
): DataFrame {
  const times = more.times ?? TIMES;
  const labels = {
    endpoint_id: endpointId,
    verdict,
    ...(more.account !== undefined && { account: more.account }),
  };
  return frame({ refId: 'state', labels, times, values: times.map(() => 1), interval: MINUTE });
}

function number(refId: string, endpointId: string, value: unknown, config: FieldConfig = {}): DataFrame {
  return frame({ refId, labels: { endpoint_id: endpointId }, times: [60 * MINUTE], values: [value], config });
}

function read(frames: readonly DataFrame[], now = RANGE.to): readonly Row[] {
  return rowsOf({ frames, range: RANGE, now, fallbackStep: MINUTE }).rows;
}

describe('the rows of the panel', () => {
  it('is one per account and model, with the numbers of that model', () => {
    const rows = read([
      state('fal-ai/flux', 'ok', { account: 'prod' }),
      state('fal-ai/flux', 'account', { account: 'test' }),
      number('errors', 'fal-ai/flux', 0.3),
      number('p95', 'fal-ai/flux', 75),
      number('limit', 'fal-ai/flux', 70),
    ]);

    expect(rows.map(({ account, state: { verdict } }) => [account, verdict])).toEqual([
      ['prod', 'ok'],
      ['test', 'account'],
    ]);
    for (const row of rows) {
      expect(row.errors).toMatchObject({ ratio: 0.3, level: 2, color: 'red' });
      expect(row.latency).toMatchObject({
        seconds: 75,
        limitSeconds: 70,
        isOver: true,
        isDefaultLimit: false,
      });
    }
  });

  it.each([
    [0.5, 50, 'model'],
    [0.5, 44, undefined],
    [0.01, 50, undefined],
  ])(
    'knows what fails on and off: %d of the requests now, sick until minute %i: %s',
    (ratio, end, verdict) => {
      const well = state('a/b', 'ok', { times: TIMES.slice(0, 40).concat(TIMES.slice(end)) });
      const sick = state('a/b', 'model', { times: TIMES.slice(40, end) });
      const [row] = read([well, sick, number('errors', 'a/b', ratio)]);

      expect(row).toMatchObject({ state: { verdict: 'ok' }, isFailingUnseen: ratio > 0.05 });
      expect(row?.onAndOff).toBe(verdict);
    },
  );

  it('holds a model without a limit of its own against that of the alert rules', () => {
    const [row] = read([state('a/b', 'ok'), number('p95', 'a/b', 61)]);

    expect(row?.latency).toMatchObject({ limitSeconds: 60, isDefaultLimit: true, isOver: true });
  });

  it('compares what is given in other units of time, and nothing that is no time', () => {
    const [inMs] = read([state('a/b', 'ok'), number('p95', 'a/b', 61_000, { unit: 'ms' })]);
    const [odd] = read([state('a/b', 'ok'), number('p95', 'a/b', 61, { unit: 'currencyUSD' })]);

    expect(inMs?.latency).toMatchObject({ seconds: 61, isOver: true });
    expect(odd?.latency).toMatchObject({ seconds: undefined, isOver: false });
  });

  it('takes the thresholds of the field config', () => {
    const thresholds = {
      mode: 'absolute',
      steps: [
        { value: null, color: 'green' },
        { value: 2, color: 'blue' },
      ],
    };
    const config = { unit: 'percent', thresholds } as unknown as FieldConfig;
    const [row] = read([state('a/b', 'ok'), number('errors', 'a/b', 3, config)]);

    expect(row?.errors).toMatchObject({ ratio: 0.03, level: 1, color: 'blue' });
  });

  it('shows a model that has traffic although nobody judges it', () => {
    const rows = read([
      state('a/b', 'ok', { account: 'prod' }),
      number('errors', 'a/b', 0),
      number('p95', 'c/d', 1),
    ]);

    expect(rows.map(({ endpointId, state: { verdict } }) => [endpointId, verdict])).toEqual([
      ['a/b', 'ok'],
      ['c/d', undefined],
    ]);
    expect(rows[1]?.uptime.share).toBeUndefined();
  });

  it('does not tell old numbers as those of now, and skips NaN and gaps', () => {
    const labels = { endpoint_id: 'a/b' };
    const old = frame({ refId: 'p95', labels, times: [0, 40 * MINUTE], values: [5, 6] });
    const holes = frame({
      refId: 'errors',
      labels,
      times: [58, 59, 60].map((m) => m * MINUTE),
      values: [0.5, NaN, null],
    });
    const [row] = read([state('a/b', 'ok'), old, holes]);

    expect(row?.latency).toBeUndefined();
    expect(row?.errors?.ratio).toBe(0.5);
  });

  it('counts the rest of a range that is not over as time to come, not as missing data', () => {
    const [row] = read([state('a/b', 'ok', { times: TIMES.slice(0, 31) })], 30 * MINUTE);

    expect(row?.state.verdict).toBe('ok');
    expect(row?.uptime).toMatchObject({ share: 1, unknownMs: 0 });
  });

  it('has no rows for series without a model or without a verdict', () => {
    const bare = frame({ refId: 'state', labels: {}, times: TIMES, values: TIMES.map(() => 1) });
    const noVerdict = frame({
      refId: 'state',
      labels: { endpoint_id: 'a/b' },
      times: TIMES,
      values: TIMES.map(() => 1),
    });

    expect(read([bare, noVerdict])).toEqual([]);
  });

  it('says the same whatever order the series come in', () => {
    const frames = [
      state('a/b', 'ok', { times: TIMES.slice(0, 30) }),
      state('a/b', 'model', { times: TIMES.slice(28) }),
      state('a/b', 'new word', { times: TIMES.slice(50) }),
      state('c/d', 'platform', { account: 'prod' }),
      number('errors', 'a/b', 0.2),
      number('errors', 'c/d', 0.1),
      number('p95', 'a/b', 9),
      number('limit', 'c/d', 9),
    ];
    const expected = byKey(read(frames));
    fc.assert(
      fc.property(fc.shuffledSubarray(frames, { minLength: frames.length }), (shuffled) => {
        expect(byKey(read(shuffled))).toEqual(expected);
      }),
    );
  });
});

/** Without the fields, whose identity is no statement. */
function byKey(rows: readonly Row[]): unknown[] {
  return rows
    .map(({ linked: _linked, errors, latency, ...row }) => ({
      ...row,
      ratio: errors?.ratio,
      p95: latency?.seconds,
    }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}
