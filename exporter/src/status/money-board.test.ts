import { describe, expect, it } from 'vitest';
import type { MoneyObserved } from '../domain/events.ts';
import { nanoFromUsd } from '../domain/money.ts';
import { assess } from './assess.ts';
import { healthReport } from './health-report.ts';
import { SCENES } from './scene-book.ts';
import { SCENE_PRICE_CHANGES, SCENE_STUCK, collectorRan, tellMoney } from './scene-surroundings.ts';
import { sceneConfig, sceneProbe, setStage } from './scenes.ts';
import type { StatusView } from './view.ts';
import { offForWantOfKey, whyUnknown } from './why-unknown.ts';

const FLUX = sceneProbe('flux', 'fal-ai/flux/schnell');
const DAY = 86_400_000;
const account = 'default';

function scene(name: string): StatusView {
  const play = SCENES[name];
  if (play === undefined) throw new Error(`no scene ${name}`);
  return play();
}

describe('the money on the board', () => {
  const money: MoneyObserved = {
    ...{ kind: 'money_observed', at: 1, account },
    burnPerHour: { '1h': nanoFromUsd(2) },
    runwaySeconds: 3600,
    monthSpend: nanoFromUsd(10),
    costDrift: 0.8,
  };

  it('forgets what is not told any more: a runway from an old balance is worse than none', () => {
    const { board } = setStage([FLUX]);
    board.sink(money);
    expect(board.view().money).toMatchObject({ runwaySeconds: 3600, costDrift: 0.8 });
    board.sink({ kind: 'money_observed', at: 2, account, burnPerHour: {} });
    const { money: after } = board.view();
    expect(after.runwaySeconds).toBeUndefined();
    expect(after.monthSpend).toBeUndefined();
    expect(after.burnPerHour).toEqual({});
  });

  it('keeps the newest sum of each model and shows the dearest five', () => {
    const { board } = setStage([FLUX]);
    const spend = (endpointId: string, billed: number): void =>
      board.sink({
        ...{ kind: 'spend_observed', at: 1, account },
        endpoints: [{ endpointId, billed, estimated: billed, unpricedRequests: 0 }],
      });
    for (let model = 1; model <= 7; model += 1) spend(`m${model}`, model);
    spend('m1', 100);
    const { billed } = board.view().money;
    expect(billed).toMatchObject({ total: 127, models: 7, isPartial: false });
    expect(billed?.dearest.map(({ endpointId }) => endpointId)).toEqual(['m1', 'm7', 'm6', 'm5', 'm4']);
  });

  it('speaks of the configured account only, and starts anew with another one', () => {
    const { board } = setStage([FLUX]);
    board.sink({ ...money, account: 'other' });
    board.sink({ kind: 'top_ups_observed', at: 1, account: 'other', total: 5 });
    expect(board.view().money).toMatchObject({ runwaySeconds: undefined, topUps: undefined });
    tellMoney(board.sink, { balance: 20 });
    board.sink({ kind: 'request_history_observed', at: 1, account, endpoints: SCENE_STUCK });
    const config = sceneConfig([FLUX]);
    board.configure({ ...config, account: { ...config.account, name: 'other' } });
    const { money: after, platform } = board.view();
    expect([after.runwaySeconds, after.topUps, after.billed, platform.requests]).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('names grants that end within thirty days or have ended, the soonest first', () => {
    const { board, clock, config } = setStage([FLUX]);
    const grants = [31, 30, -1, 2].map((days) => ({
      name: String(days),
      expiresAt: clock.now() + days * DAY,
    }));
    board.configure({ ...config, account: { ...config.account, grants } });
    expect(board.view().money.grants.map(({ name }) => name)).toEqual(['-1', '2', '30']);
  });
});

describe('what fal tells of models and requests', () => {
  it('is kept for the watched models, and only what is not as usual is shown', () => {
    const { board } = setStage([FLUX, sceneProbe('kling', 'fal-ai/kling')]);
    const status = (endpointId: string, value: 'active' | 'deprecated'): void =>
      board.sink({ kind: 'model_status_observed', at: 1, endpointId, status: value });
    status('fal-ai/flux/schnell', 'active');
    status('fal-ai/kling', 'deprecated');
    status('fal-ai/unwatched', 'deprecated');
    expect(board.view().platform.ailing).toEqual([{ endpointId: 'fal-ai/kling', status: 'deprecated' }]);
    board.configure(sceneConfig([FLUX]));
    expect(board.view().platform.ailing).toEqual([]);
  });

  it('is the price changes of the watched models, the newest first', () => {
    const { board } = setStage([FLUX, sceneProbe('whisper', 'fal-ai/whisper')]);
    const changes = SCENE_PRICE_CHANGES.toReversed();
    board.sink({ kind: 'price_changes_observed', at: 1, changes });
    expect(board.view().platform.priceChanges.map(({ move }) => move)).toEqual(['raised', 'withdrawn']);
    board.sink({ kind: 'price_changes_observed', at: 2, changes: [] });
    expect(board.view().platform.priceChanges).toEqual([]);
  });

  it('says nothing about now once the request history is three intervals old', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink({ kind: 'request_history_observed', at: clock.now(), account, endpoints: SCENE_STUCK });
    clock.advance(180_000);
    expect(board.view().platform.requests).toMatchObject({ isFresh: true, endpoints: SCENE_STUCK });
    expect(assess(board.view()).notes.join()).toMatch(/2 requests are stuck at fal/);
    clock.advance(1);
    expect(board.view().platform.requests?.isFresh).toBe(false);
    expect(assess(board.view()).notes.join()).not.toMatch(/stuck/);
  });
});

describe('a lock with money on the account', () => {
  const lock = { kind: 'account_lock_observed', account, locked: true, reason: 'top_up' } as const;

  it('is a contradiction while the balance is fresh, and unknown when it is old', () => {
    const { board, clock } = setStage([FLUX]);
    const isContradiction = (): boolean | undefined => board.view().account.isContradiction;
    expect(isContradiction()).toBeUndefined();
    board.sink({ ...lock, at: clock.now() });
    expect(isContradiction()).toBeUndefined();
    tellMoney(board.sink, { balance: 50 });
    clock.advance(60 * 60_000 - 15_000);
    board.sink({ kind: 'balance_observed', at: clock.now(), account, balance: nanoFromUsd(5.01) });
    expect(isContradiction()).toBe(true);
    clock.advance(180_001);
    expect(board.view().account.balance?.isFresh).toBe(false);
    expect(isContradiction()).toBeUndefined();
    board.sink({ kind: 'balance_observed', at: clock.now(), account, balance: nanoFromUsd(5) });
    expect(isContradiction()).toBe(false);
  });

  it('keeps the ids of the last five refusals, each once, and none that is not plain', () => {
    const { board } = setStage([FLUX]);
    const refuse = (requestId: string): void => board.sink({ ...lock, at: 1, requestId });
    for (const id of ['a', 'b', 'b', 'c', '<b>', 'x y', 'd', 'e', 'f']) refuse(id);
    expect(board.view().account.lock?.requestIds).toEqual(['f', 'e', 'd', 'c', 'b']);
    board.sink({ ...lock, at: 2, locked: false });
    refuse('g');
    expect(board.view().account.lock?.requestIds).toEqual(['g']);
  });

  it('is told to programs, with the ready text', () => {
    const { body } = healthReport(assess(scene('locked-with-money')));
    expect(body.account_lock).toMatchObject({
      ...{ locked: true, reason: 'top_up', contradicts_balance: true },
      since: '2026-11-21T14:03:00.000Z',
      last_seen_at: '2026-11-21T14:15:00.000Z',
      support_text: expect.stringContaining('5b1f02d4-6a0e-4c55-9e0b-') as string,
    });
    const poor = healthReport(assess(scene('account-locked'))).body.account_lock;
    expect(poor).toMatchObject({ locked: true, contradicts_balance: false, support_text: undefined });
    expect(healthReport(assess(scene('no-data'))).body.account_lock).toBeUndefined();
  });
});

describe('the headline about money', () => {
  /** A model that answers, with this much money. */
  function headlineWith(balance: number, perHour: number): ReturnType<typeof assess>['headline'] {
    const stage = setStage([FLUX]);
    stage.playHour(() => ({}));
    tellMoney(stage.board.sink, { balance, perHour });
    return assess(stage.board.view()).headline;
  }

  it.each([
    [60, 10, 'good', /^All good/],
    [59, 10, 'warning', /^Your balance of \$59\.00 lasts 5 h 54 min at the present rate$/],
    [4.99, 0, 'warning', /^Your balance of \$4\.99 is below your critical mark of \$5\.00$/],
    [5, 0, 'good', /^All good/],
    [0, 1, 'warning', /^Your balance is used up$/],
    [-0.18, 0, 'warning', /^Your balance is used up$/],
  ])('with $%d at $%d an hour is %s', (balance, perHour, level, text) => {
    const headline = headlineWith(balance, perHour);
    expect(headline.level).toBe(level);
    expect(headline.text).toMatch(text);
  });

  it('waits while the balance is old', () => {
    const { board, clock } = setStage([FLUX]);
    tellMoney(board.sink, { balance: 1 });
    clock.advance(70 * 60_000);
    expect(assess(board.view()).headline.text).not.toMatch(/balance/);
  });
});

describe('why something is unknown', () => {
  const nothing = { collectors: [], switchedOff: [], hasAdminKey: undefined };
  const ran = (problem?: string): StatusView['collectors'] => {
    const { board } = setStage([FLUX]);
    board.sink(collectorRan('balance', problem));
    return board.view().collectors;
  };

  it.each<[string, Parameters<typeof whyUnknown>[0], string]>([
    ['nobody told of a key', nothing, 'not read yet; needs an ADMIN key'],
    ['there is no key', { ...nothing, hasAdminKey: false }, 'needs an ADMIN key'],
    ['there is a key', { ...nothing, hasAdminKey: true }, 'not read yet'],
    [
      'it is switched off',
      { ...nothing, switchedOff: ['balance'] },
      'collector balance is switched off in the configuration',
    ],
    ['it fails', { ...nothing, collectors: ran('GET /account/billing: 500') }, 'collector balance fails'],
    ['it has read too little', { ...nothing, collectors: ran() }, 'not enough read yet'],
  ])('is told when %s', (_name, sources, words) => {
    expect(whyUnknown(sources, 'balance')).toBe(words);
  });

  it('names what is off for want of a key only when it is known that there is none', () => {
    expect(offForWantOfKey({ hasAdminKey: false, switchedOff: ['usage'] })).toEqual([
      'balance',
      'billing-events',
    ]);
    expect(offForWantOfKey({ hasAdminKey: undefined, switchedOff: [] })).toEqual([]);
    expect(offForWantOfKey({ hasAdminKey: true, switchedOff: [] })).toEqual([]);
  });
});
