import { DEFAULT_LIMIT_SECONDS as LIMIT_OF_THE_RULES } from '../../../../alert-rules/src/over-limit.ts';
import { ERROR_RATIO_STEPS as STEPS_OF_THE_DASHBOARDS } from '../../../../dashboards/src/promql/limits.ts';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMIT_SECONDS, ERROR_RATIO_STEPS, levelOf } from './thresholds.ts';

describe('the thresholds without any configured', () => {
  it('are those of the alert rules, in the colours of the dashboards', () => {
    expect(DEFAULT_LIMIT_SECONDS).toBe(LIMIT_OF_THE_RULES);
    expect(ERROR_RATIO_STEPS.map(({ value, color }) => ({ from: value, color })).slice(1)).toEqual(
      STEPS_OF_THE_DASHBOARDS.slice(1),
    );
  });
});

describe('the step that a value has reached', () => {
  it('is reached at its value, not only above', () => {
    const level = (value: number): number => levelOf(value, { thresholds: undefined, ratio: value }).level;

    expect([0, 0.0499, 0.05, 0.2499, 0.25, 1].map(level)).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('is a percentage of the ratio where the thresholds are in percent', () => {
    const thresholds = {
      mode: 'percentage' as never,
      steps: [
        { value: Number.NEGATIVE_INFINITY, color: 'green' },
        { value: 10, color: 'red' },
      ],
    };

    expect(levelOf(0.2, { thresholds, ratio: 0.2 })).toEqual({ level: 1, color: 'red' });
    expect(levelOf(0.05, { thresholds, ratio: 0.05 })).toEqual({ level: 0, color: 'green' });
  });
});
