import { describe, expect, it } from 'vitest';
import type { Coverage, Row, Statistic } from '../anatomy/anatomy.ts';
import type { ToldAnatomy } from '../anatomy/model-anatomy.ts';
import type { SegmentName } from '../anatomy/part.ts';
import type { Estimate } from '../histogram/estimate.ts';
import { sentencesOf } from './claim-words.ts';
import { coverageTexts, notesOf } from './coverage-words.ts';
import { standingText } from './limit-words.ts';
import { SECONDS } from './seconds-text.ts';

type Ends = readonly [low: number, value: number, high: number];

function estimate([low, value, high]: Ends): Estimate {
  return { low, value, high };
}

function row(statistic: Statistic, total: Ends, parts: Readonly<Partial<Record<SegmentName, Ends>>>): Row {
  const names: readonly SegmentName[] = ['queue', 'inference', 'upload', 'fetch', 'rest'];
  return {
    statistic,
    total: estimate(total),
    segments: names.map((name) => ({ name, estimate: estimate(parts[name] ?? [0, 0, 0]) })),
  };
}

function model(rows: readonly Row[], more: Partial<ToldAnatomy> = {}): ToldAnatomy {
  return {
    kind: 'told',
    endpointId: 'a',
    requests: 500,
    broken: [],
    coverage: [],
    unknown: [],
    rows,
    ...more,
  };
}

const QUEUED = row(0.95, [90, 94, 120], { queue: [60, 71, 90], inference: [15, 18, 20], rest: [0, 5, 45] });
const PARTLY: readonly Coverage[] = [
  { name: 'queue', share: 0.8, isComplete: false },
  { name: 'inference', share: 0.8, isComplete: false },
];

describe('sentencesOf', () => {
  it('names the part that takes longest and says what that means', () => {
    expect(sentencesOf(model([QUEUED]), SECONDS)).toEqual([
      'P95 94 s: 71 s of it waiting in the queue; fal lacks capacity for the model, or your concurrency limit holds requests back.',
    ]);
  });

  it('never says a part of more than the whole', () => {
    const odd = row(0.95, [90, 91, 120], { queue: [90, 118, 120] });
    expect(sentencesOf(model([odd]), SECONDS)[0]).toContain(
      'P95 91 s: nearly all of it waiting in the queue',
    );
  });

  it('says that it cannot tell, and why, and what the mean tells', () => {
    const close = row(0.95, [45, 50, 60], { queue: [20, 25, 30], inference: [20, 22, 30] });
    const mean = row('mean', [40, 40, 40], { queue: [9, 9, 10], inference: [30, 30, 30] });
    expect(sentencesOf(model([close, mean]), SECONDS)).toEqual([
      'P95 50 s: cannot tell which part is to blame; queue wait and inference are too close for the buckets.',
      'Mean 40 s: 30 s of it in inference; the model itself, or what it is asked for.',
    ]);
  });

  it('says how few requests tell a part', () => {
    const open = row(0.95, [45, 50, 60], { queue: [20, 25, 60], inference: [20, 22, 60] });
    expect(sentencesOf(model([open], { coverage: PARTLY }), SECONDS)).toEqual([
      'P95 50 s: cannot tell which part is to blame; queue wait and inference known for 80 % of requests.',
    ]);
  });

  it('says of what is above the highest bucket only how long it took at least', () => {
    const endless = row(0.95, [3600, 3600, Infinity], {
      queue: [1800, 2000, 2000],
      rest: [0, 1600, Infinity],
    });
    expect(sentencesOf(model([endless]), SECONDS)).toEqual([
      'P95 ≥ 1 h: cannot tell which part is to blame; it is above the highest bucket.',
    ]);
  });
});

describe('notesOf', () => {
  it('tells coverage where the sentence does not', () => {
    expect(notesOf(model([QUEUED], { coverage: PARTLY }))).toEqual([
      'queue wait and inference known for 80 % of requests',
    ]);
    const open = row(0.95, [45, 50, 60], { queue: [20, 25, 60], inference: [20, 22, 60] });
    expect(notesOf(model([open], { coverage: PARTLY }))).toEqual([]);
  });

  it('says which quantiles a few requests cannot tell from their slowest', () => {
    expect(notesOf(model([QUEUED], { requests: 19 }))).toEqual(['few requests: the slowest one is P95']);
    expect(notesOf(model([QUEUED], { requests: 20 }))).toEqual([]);
    expect(notesOf(model([QUEUED], { requests: 1.02 }))).toEqual([
      'a single request: every quantile is the same',
    ]);
  });

  it('says which query is no histogram, and why', () => {
    const broken = [{ refId: 'queue' as const, trouble: { kind: 'decreasing' as const, le: '2' } }];
    expect(notesOf(model([QUEUED], { broken, unknown: ['queue'] }))[0]).toContain(
      '“queue” is left out: the bucket le="2" counts fewer',
    );
  });

  it('says which parts the rest holds', () => {
    expect(notesOf(model([QUEUED], { unknown: ['upload', 'fetch'] }))).toEqual([
      'nothing known of upload and result fetch: in the rest',
    ]);
  });
});

describe('coverageTexts', () => {
  it('tells what some requests have from what is not known of some, and from what is counted beyond them', () => {
    expect(
      coverageTexts([
        { name: 'queue', share: 0.995, isComplete: false },
        { name: 'upload', share: 0.004, isComplete: true },
        { name: 'inference', share: 1.12, isComplete: false },
      ]),
    ).toEqual([
      'queue wait known for > 99 % of requests',
      'upload in < 1 % of requests',
      'inference: 12 % more requests than in the total',
    ]);
  });
});

describe('standingText', () => {
  it('is certain of a limit only when the interval is', () => {
    const standing = (limit: number): string => standingText(QUEUED, limit, SECONDS);
    expect(standing(60)).toBe('P95 above the limit of 60 s');
    expect(standing(90)).toBe('P95 above the limit of 90 s');
    expect(standing(92)).toBe('P95 about at the limit of 92 s');
    expect(standing(100)).toBe('P95 about at the limit of 100 s');
    expect(standing(120)).toBe('P95 within the limit of 2 min');
  });
});
