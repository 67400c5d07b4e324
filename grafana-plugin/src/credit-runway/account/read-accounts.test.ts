import { describe, expect, it } from 'vitest';
import { readAccounts } from './read-accounts.ts';
import { frame, HOUR, NOON } from './test-reading.ts';

const account = 'default';

describe('reading accounts from frames', () => {
  it('finds everything that the queries tell of an account', () => {
    const [only, ...others] = readAccounts([
      frame('balance', { account }, [12, 11, 10]),
      frame('burn', { account, window: '24h' }, [0.5]),
      frame('burn', { account, window: '1h' }, [0.7]),
      frame('topups', { account }, [0, 0, 0]),
      frame('threshold', { account, severity: 'warning' }, [20]),
      frame('threshold', { account, severity: 'critical' }, [5]),
      frame('locked', { account, reason: 'top_up' }, [0]),
      frame('grants', { account, grant: 'welcome' }, [NOON / 1000]),
      frame('contradiction', { account }, [0]),
      frame('spend', { account }, [3.5]),
    ]);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      name: 'default',
      burns: [
        { window: '1h', perHour: 0.7 },
        { window: '24h', perHour: 0.5 },
      ],
      thresholds: { warning: 20, critical: 5 },
      lock: { state: 'open', reasons: [], isContradiction: false },
      grants: [{ name: 'welcome', expiresAt: NOON }],
      spend: 3.5,
    });
    expect(only?.balance.samples.map(({ value }) => value)).toEqual([12, 11, 10]);
    expect(only?.topUps?.samples).toHaveLength(3);
  });

  it('leaves unknown what no query tells', () => {
    const [only] = readAccounts([frame('balance', { account }, [1])]);
    expect(only).toMatchObject({
      burns: [],
      topUps: undefined,
      thresholds: {},
      lock: { state: 'unknown', reasons: [], isContradiction: undefined },
      grants: [],
      spend: undefined,
    });
  });

  it('knows an account of which only the lock is known', () => {
    const [only] = readAccounts([frame('locked', { account, reason: 'user_budget' }, [1])]);
    expect(only?.balance.samples).toEqual([]);
    expect(only?.lock).toEqual({ state: 'locked', reasons: ['user_budget'], isContradiction: undefined });
  });

  it('believes a contradiction that nobody is locked in is a lock all the same', () => {
    const [only] = readAccounts([frame('contradiction', { account }, [1])]);
    expect(only?.lock).toEqual({ state: 'locked', reasons: [], isContradiction: true });
  });

  it('does not take the absence of a contradiction for an open account', () => {
    const [only] = readAccounts([frame('contradiction', { account }, [0])]);
    expect(only?.lock.state).toBe('unknown');
  });

  it('leaves out series without the labels that tell them apart', () => {
    const accounts = readAccounts([
      frame('balance', {}, [1]),
      frame('burn', { account }, [1]),
      frame('threshold', { account, severity: 'fatal' }, [3]),
    ]);
    expect(accounts).toMatchObject([{ name: 'default', burns: [], thresholds: {} }]);
  });

  it('takes the newest known value and no infinity', () => {
    const [only] = readAccounts([
      frame('burn', { account, window: '1h' }, [2, 1, null]),
      frame('burn', { account, window: '24h' }, [Infinity]),
      frame('grants', { account, grant: 'endless' }, [1e300]),
    ]);
    expect(only?.burns).toEqual([{ window: '1h', perHour: 1 }]);
    expect(only?.grants).toEqual([]);
  });

  it('takes the larger of two burn rates of one window', () => {
    const burns = [1, 2].map((value) =>
      frame('burn', { account, window: '1h', instance: String(value) }, [value]),
    );
    expect(readAccounts(burns)[0]?.burns).toEqual([{ window: '1h', perHour: 2 }]);
  });

  it('orders windows by their length and unknown ones last', () => {
    const windows = ['soon', '7d', '90m', '1h', '24h'].map((window) =>
      frame('burn', { account, window }, [1]),
    );
    expect(readAccounts(windows)[0]?.burns.map(({ window }) => window)).toEqual([
      '1h',
      '90m',
      '24h',
      '7d',
      'soon',
    ]);
  });

  it('breaks the line by the step that the data source used', () => {
    const [only] = readAccounts([frame('balance', { account }, [3, null, 1], { step: HOUR })]);
    expect(only?.balance.stepMs).toBe(HOUR);
    expect(only?.balance.runs).toHaveLength(2);
  });

  it('keeps accounts of any name apart', () => {
    const names = ['constructor', '__proto__', '<script>', ''];
    const accounts = readAccounts(names.map((name) => frame('balance', { account: name }, [1])));
    expect(accounts.map(({ name }) => name)).toEqual(names);
  });
});
