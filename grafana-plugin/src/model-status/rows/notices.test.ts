import { describe, expect, it } from 'vitest';
import { noticesOf } from './notices.ts';
import { arrange } from './order.ts';
import { row } from './row.example.ts';
import { frame } from '../../reading/frame.builder.ts';

const ARRANGED = arrange([], { sort: 'worst', byAccount: true });

describe('what a person should know of what is shown', () => {
  it('is nothing where all is well', () => {
    expect(noticesOf({ rows: [], arranged: ARRANGED, troubles: [], errors: [] })).toEqual([]);
  });

  it('is each error and each odd unit once', () => {
    const [field] = frame({ refId: 'p95', values: [1], config: { unit: 'bytes' } }).fields;
    if (field === undefined) throw new Error('the frame has no field');
    const latency = {
      p95: { value: 1, field },
      seconds: undefined,
      limitSeconds: 60,
      isDefaultLimit: true,
      isOver: false,
    };
    const odd = ['a/1', 'a/2'].map((endpointId) => ({ ...row({ endpointId, verdict: 'ok' }), latency }));

    expect(noticesOf({ rows: odd, arranged: ARRANGED, troubles: [], errors: ['late', 'late'] })).toEqual([
      { kind: 'error', message: 'late' },
      { kind: 'p95_unit', unit: 'bytes' },
    ]);
  });

  it('is how many rows are left out', () => {
    const arranged = { ...ARRANGED, shown: 300, total: 1000 };

    expect(noticesOf({ rows: [], arranged, troubles: [], errors: [] })).toEqual([
      { kind: 'capped', shown: 300, total: 1000 },
    ]);
  });
});
