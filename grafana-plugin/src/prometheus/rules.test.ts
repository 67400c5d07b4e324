import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRules } from './rules.ts';

const BODY = {
  status: 'success',
  data: {
    groups: [
      {
        name: 'fal-endpoint',
        rules: [
          { type: 'recording', name: 'endpoint:x' },
          {
            ...{ type: 'alerting', name: 'FalErrorRateHigh', health: 'ok', annotations: { summary: 'raw' } },
            alerts: [
              {
                ...{ state: 'firing', labels: { endpoint_id: 'm' }, annotations: { summary: 'm failing' } },
                activeAt: '2026-11-21T10:00:00Z',
              },
              { state: 'pending', labels: {}, annotations: {}, activeAt: 'never' },
            ],
          },
        ],
      },
    ],
  },
};

describe('readRules', () => {
  it('keeps alerting rules with their alerts, and leaves recordings out', () => {
    expect(readRules(BODY)).toEqual([
      {
        ...{ name: 'FalErrorRateHigh', group: 'fal-endpoint', health: 'ok', annotations: { summary: 'raw' } },
        alerts: [
          {
            ...{ state: 'firing', labels: { endpoint_id: 'm' }, annotations: { summary: 'm failing' } },
            activeAt: Date.UTC(2026, 10, 21, 10),
          },
          { state: 'pending', labels: {}, annotations: {}, activeAt: undefined },
        ],
      },
    ]);
  });

  it('takes anything without groups for no answer', () => {
    expect(readRules({ status: 'success', data: {} })).toBeUndefined();
    expect(readRules('<html>')).toBeUndefined();
  });

  it('survives groups of any content', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (groups) => {
        expect(readRules({ status: 'success', data: { groups } })).toBeInstanceOf(Array);
      }),
    );
  });
});
