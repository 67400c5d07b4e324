import { describe, expect, it } from 'vitest';
import { row } from './row.example.ts';
import { summaryOf } from './summary.ts';

describe('the summary of all rows', () => {
  it('counts the failing, the unclear and the silent apart, the worst verdict first', () => {
    const summary = summaryOf([
      row({ endpointId: 'a/1', verdict: 'ok' }),
      row({ endpointId: 'a/2', verdict: 'model', since: 50 }),
      row({ endpointId: 'a/3', verdict: 'platform', since: 40 }),
      row({ endpointId: 'a/4', verdict: 'model', since: 60 }),
      row({ endpointId: 'a/5', verdict: 'unknown', since: 1 }),
      row({ endpointId: 'a/6', verdict: 'a word of tomorrow', since: 1 }),
      row({ endpointId: 'a/7', verdict: undefined }),
    ]);

    expect(summary).toEqual({
      total: 7,
      ok: 1,
      failing: 3,
      unclear: 2,
      noData: 1,
      failingUnseen: 0,
      onAndOff: 0,
      byVerdict: [
        { verdict: 'platform', count: 1 },
        { verdict: 'model', count: 2 },
      ],
      since: 40,
      isSinceSeen: true,
    });
  });

  it('does not claim to know when it began if the oldest failure is older than the data', () => {
    const summary = summaryOf([
      row({ endpointId: 'a/1', verdict: 'model', since: 10, isSinceSeen: false }),
      row({ endpointId: 'a/2', verdict: 'model', since: 60 }),
    ]);

    expect(summary).toMatchObject({ since: 10, isSinceSeen: false });
  });

  it('counts requests that fail unseen, and those that a verdict told of a moment ago', () => {
    const summary = summaryOf([
      row({ endpointId: 'a/1', verdict: 'ok', isFailingUnseen: true }),
      row({ endpointId: 'a/2', verdict: 'ok', isFailingUnseen: true, onAndOff: 'model' }),
    ]);

    expect(summary).toMatchObject({ ok: 2, failing: 0, failingUnseen: 2, onAndOff: 1 });
  });

  it('knows no beginning where nothing fails', () => {
    expect(summaryOf([])).toMatchObject({ total: 0, failing: 0, since: undefined });
  });
});
