import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../options.ts';
import { type Row, type Statistic } from './anatomy.ts';
import { type ModelAnatomy, type ToldAnatomy } from './model-anatomy.ts';
import { headlineOf, ranked } from './ranking.ts';

function row(statistic: Statistic, value: number, high = value): Row {
  return { statistic, total: { value, low: value, high }, segments: [] };
}

function told(endpointId: string, rows: readonly Row[], requests = 1): ToldAnatomy {
  return { kind: 'told', endpointId, requests, broken: [], rows, coverage: [], unknown: [] };
}

const MODELS: readonly ModelAnatomy[] = [
  told('fast', [row(0.5, 9), row(0.95, 10)], 500),
  told('slow', [row(0.5, 1), row(0.95, 90)], 5),
  told('endless', [row(0.95, 60, Infinity)], 50),
  { kind: 'empty', endpointId: 'idle' },
  { kind: 'broken', endpointId: 'broken', trouble: { kind: 'no_infinity' } },
];

function names(sort: 'slowest' | 'requests' | 'name', maxModels = 10): string[] {
  return ranked(MODELS, { ...DEFAULT_OPTIONS, sort, maxModels }).shown.map(({ endpointId }) => endpointId);
}

describe('ranked', () => {
  it('puts the slowest P95 first, what is above the highest bound before all, and what tells nothing last', () => {
    expect(names('slowest')).toEqual(['endless', 'slow', 'fast', 'broken', 'idle']);
  });

  it('puts the most requests first when asked to', () => {
    expect(names('requests')).toEqual(['fast', 'endless', 'slow', 'broken', 'idle']);
  });

  it('sorts by name when asked to', () => {
    expect(names('name')).toEqual(['endless', 'fast', 'slow', 'broken', 'idle']);
  });

  it('says how many models it leaves out', () => {
    const { shown, left } = ranked(MODELS, { ...DEFAULT_OPTIONS, maxModels: 2 });
    expect([shown.length, left]).toEqual([2, 3]);
  });

  it('does not depend on the order in which models come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...MODELS], { minLength: MODELS.length }), (shuffled) => {
        expect(ranked(shuffled, DEFAULT_OPTIONS)).toEqual(ranked(MODELS, DEFAULT_OPTIONS));
      }),
    );
  });
});

describe('headlineOf', () => {
  it('is P95, or else the highest quantile, or else the mean', () => {
    const of = (...statistics: Statistic[]): Statistic | undefined =>
      headlineOf({ rows: statistics.map((statistic) => row(statistic, 1)) })?.statistic;
    expect(of(0.5, 0.95, 0.99, 'mean')).toBe(0.95);
    expect(of(0.5, 0.9, 'mean')).toBe(0.9);
    expect(of('mean')).toBe('mean');
    expect(of()).toBeUndefined();
  });
});
