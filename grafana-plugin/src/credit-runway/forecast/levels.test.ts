import { describe, expect, it } from 'vitest';
import { levelsOf, panelThresholds } from './levels.ts';

describe('the levels of a balance', () => {
  it('are the thresholds and the empty account, highest first', () => {
    expect(levelsOf({ critical: 5, warning: 20 })).toEqual([
      { kind: 'warning', value: 20 },
      { kind: 'critical', value: 5 },
      { kind: 'empty', value: 0 },
    ]);
  });

  it('always have the empty account', () => {
    expect(levelsOf({}, 'both')).toEqual([{ kind: 'empty', value: 0 }]);
    expect(levelsOf({ warning: 20, critical: 5 }, 'none')).toEqual([{ kind: 'empty', value: 0 }]);
  });

  it('are those that were chosen', () => {
    expect(levelsOf({ warning: 20, critical: 5 }, 'critical').map(({ kind }) => kind)).toEqual([
      'critical',
      'empty',
    ]);
    expect(levelsOf({ warning: 20, critical: 5 }, 'warning').map(({ kind }) => kind)).toEqual([
      'warning',
      'empty',
    ]);
  });

  it('leave out a threshold that is no higher than nothing', () => {
    expect(levelsOf({ warning: 0, critical: -1 })).toEqual([{ kind: 'empty', value: 0 }]);
  });

  it('come from the panel with the lowest step as the critical one', () => {
    expect(panelThresholds([{ value: -Infinity }, { value: 20 }, { value: 5 }])).toEqual({
      critical: 5,
      warning: 20,
    });
    expect(panelThresholds([{ value: null }, { value: 10 }])).toEqual({ critical: 10 });
    expect(panelThresholds([{ value: -Infinity }])).toEqual({});
  });
});
