import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS, MOST_MODELS, optionsFrom } from './options.ts';

describe('optionsFrom', () => {
  it('has a default for everything', () => {
    expect(optionsFrom({})).toEqual(DEFAULT_OPTIONS);
  });

  it('puts quantiles in order, the mean last, each once', () => {
    expect(optionsFrom({ statistics: ['mean', 0.99, 0.5, 0.99] }).statistics).toEqual([0.5, 0.99, 'mean']);
  });

  it('shows the usual rows rather than none or nonsense', () => {
    expect(optionsFrom({ statistics: [] }).statistics).toEqual(DEFAULT_OPTIONS.statistics);
    expect(optionsFrom({ statistics: [0, 1, 95, NaN] }).statistics).toEqual(DEFAULT_OPTIONS.statistics);
  });

  it('keeps the number of models between one and what a page bears', () => {
    expect(optionsFrom({ maxModels: 0 }).maxModels).toBe(1);
    expect(optionsFrom({ maxModels: 10_000 }).maxModels).toBe(MOST_MODELS);
    expect(optionsFrom({ maxModels: NaN }).maxModels).toBe(DEFAULT_OPTIONS.maxModels);
  });

  it('has no poll interval below zero', () => {
    expect(optionsFrom({ pollInterval: -1 }).pollInterval).toBe(0);
  });
});
