import { describe, expect, it } from 'vitest';
import type { Account, Lock, Money } from './account.ts';
import { account, model } from './evidence.builder.ts';
import { FAILING_RATIO } from './failing.ts';
import { headlineOf } from './headline.ts';

function lock(rest: Partial<Lock>): Lock {
  return { isLocked: true, reason: 'exhausted_balance', isContradiction: false, ...rest };
}

function money(rest: Partial<Money>): Money {
  return { balance: 100, isFresh: true, age: 10, critical: 5, burns: [], runway: undefined, ...rest };
}

function text(rest: Partial<Account>): string {
  const { level, text: words } = headlineOf(account(rest));
  return `${level}: ${words}`;
}

const FLUX = 'fal-ai/flux/dev';
const KLING = 'fal-ai/kling-video/v2';

describe('headlineOf', () => {
  it('says that all is good, of how many models', () => {
    expect(text({})).toBe('good: All good: 1 model answering');
    expect(text({ models: [model(FLUX), model(KLING)] })).toBe('good: All good: 2 models answering');
  });

  it('names the lock and its reason before everything else', () => {
    const models = [model(FLUX, { verdict: 'platform' })];
    expect(text({ lock: lock({}), models })).toBe('broken: Your account is locked: exhausted balance');
    expect(text({ lock: lock({ reason: 'a_new_one' }) })).toBe('broken: Your account is locked: a_new_one');
  });

  it('says when there is money on a locked account, and that a top-up may not help', () => {
    const locked = account({ lock: lock({ isContradiction: true }), money: money({ balance: 79.5 }) });
    expect(headlineOf(locked).text).toBe('Your account is locked with $79.50 on it: exhausted balance');
    expect(headlineOf(locked).next).toContain('support@fal.ai');
  });

  it.each([
    ['one model', ['platform', 'ok'], 'broken: fal: flux/dev failing'],
    ['every model', ['platform', 'platform'], 'broken: fal: every model failing'],
    ['a sick one', ['model', 'ok'], 'broken: fal: flux/dev failing'],
    ['refusals', ['account', 'ok'], 'warning: Your account is refused: flux/dev held back'],
    ['bad input', ['app', 'ok'], 'warning: Your app sends bad requests, or cannot reach fal: flux/dev'],
    ['the wider one', ['model', 'platform'], 'broken: fal: kling-video/v2 failing'],
  ])('says whose it is and which model: %s', (_, [first, second], expected) => {
    expect(text({ models: [model(FLUX, { verdict: first }), model(KLING, { verdict: second })] })).toBe(
      expected,
    );
  });

  it('counts when some of many fail, and names three of them', () => {
    const sick = ['a', 'b', 'c', 'd'].map((name) => model(`fal-ai/${name}`, { verdict: 'platform' }));
    const well = [model(FLUX), model('fal-ai/silent', { verdict: 'unknown', errorRatio: undefined })];
    expect(text({ models: [...sick, ...well] })).toBe(
      'broken: fal: 4 of 5 models failing (a, b, c and 1 more)',
    );
  });

  it('does not say every model of the only one', () => {
    expect(text({ models: [model(FLUX, { verdict: 'model' })] })).toBe('broken: fal: flux/dev failing');
  });

  it('calls slow what does not fail and is above its limit', () => {
    expect(text({ models: [model(FLUX, { verdict: 'model', p95: 61 })] })).toBe(
      'warning: fal: flux/dev slow',
    );
    expect(text({ models: [model(FLUX, { verdict: 'model', p95: 61, errorRatio: 0.01 })] })).toContain(
      'failing',
    );
  });

  it('knows a rejected key by its alert', () => {
    const alert = { name: 'FalCredentialRejected', severity: 'critical', account: 'production' };
    const alerts = [
      {
        ...alert,
        about: undefined,
        summary: undefined,
        since: undefined,
        runbook: undefined,
        dashboard: undefined,
      },
    ];
    expect(text({ models: [model(FLUX, { verdict: 'account' })], alerts })).toBe(
      'broken: Your key is rejected',
    );
  });

  it('blames nobody where the verdict does not', () => {
    expect(text({ models: [model(FLUX, { verdict: 'unknown', errorRatio: 0.5 })] })).toBe(
      'warning: flux/dev failing; whose fault cannot be told',
    );
  });

  it('begins when the first of the accused was last well, if all of that was seen', () => {
    const sick = (name: string, lastGood?: number): ReturnType<typeof model> =>
      model(name, { verdict: 'platform', lastGood });
    expect(headlineOf(account({ models: [sick('a', 200), sick('b', 100)] })).since).toBe(100);
    expect(headlineOf(account({ models: [sick('a', 200), sick('b')] })).since).toBeUndefined();
  });

  it.each([
    ['used up', { balance: -2 }, 'Your balance is used up'],
    ['a short runway', { balance: 10, runway: 3600 }, 'Your balance of $10.00 lasts 1 h at the present rate'],
    ['below the mark', { balance: 4 }, 'Your balance of $4.00 is below your critical mark of $5.00'],
  ])('warns of money when all else is well: %s', (_, change, expected) => {
    expect(text({ money: money(change) })).toBe(`warning: ${expected}`);
  });

  it('does not warn of money by an old balance', () => {
    expect(text({ money: money({ balance: -2, isFresh: false }) })).toMatch(/^good/);
  });

  it('names what fails now and then, before it says that all is good', () => {
    expect(text({ models: [model(FLUX, { errorRatio: 0.06 }), model(KLING)] })).toBe(
      'warning: flux/dev failing now and then',
    );
  });

  it('blames fal for a sick model that probes find well every other time', () => {
    const sick = model(FLUX, { errorRatio: 0.51, isBlamed: true, lastGood: 100 });
    const headline = headlineOf(account({ models: [model(KLING, { errorRatio: 0.3 }), sick] }));
    expect(headline).toMatchObject({ level: 'broken', text: 'fal: flux/dev failing on and off', since: 100 });
    expect(headline.next).toMatch(/fail over/);
    expect(text({ models: [{ ...sick, errorRatio: 0.06 }] })).toMatch(/^warning: fal: flux/);
  });

  it('dates requests that fail unseen by the first alert on them', () => {
    const alert = { severity: 'critical', account: 'production', summary: undefined };
    const alerts = [
      ...([200, 100, undefined] as const).map((since) => ({ since, about: FLUX })),
      { since: 50, about: KLING },
    ].map((rest, index) => ({
      ...{ ...alert, ...rest, name: `FalA${index}`, runbook: undefined, dashboard: undefined },
    }));
    const failing = model(FLUX, { errorRatio: 0.51, lastGood: 300 });
    expect(headlineOf(account({ models: [failing], alerts })).since).toBe(100);
    expect(headlineOf(account({ models: [failing] })).since).toBeUndefined();
  });

  it('tells of money after requests that fail', () => {
    const models = [model(FLUX, { errorRatio: 0.3 })];
    expect(text({ models, money: money({ balance: -2 }) })).toBe('broken: Your requests to flux/dev fail');
  });

  it('does not cry wolf over a share of failures that no alert minds', () => {
    expect(text({ models: [model(FLUX, { errorRatio: FAILING_RATIO })] })).toMatch(/^good/);
  });

  it('does not call unknown good', () => {
    const silent = model(KLING, { verdict: 'unknown', errorRatio: undefined });
    expect(text({ models: [silent] })).toBe('unknown: No fresh data on any model');
    expect(text({ models: [model(FLUX), silent] })).toBe(
      'good: 1 of 2 models answering; no data on kling-video/v2',
    );
    expect(text({ models: [] })).toBe('unknown: No model is watched');
  });

  it('judges by the requests of apps where no exporter gives a verdict', () => {
    expect(text({ models: [model(FLUX, { verdict: undefined })] })).toMatch(/^good/);
    expect(text({ models: [model(FLUX, { verdict: undefined, errorRatio: 0.5 })] })).toBe(
      'broken: Your requests to flux/dev fail',
    );
  });
});
