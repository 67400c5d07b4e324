import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DrillError, type Expectation } from './drill.ts';
import type { Chain, Sighting } from './chain/sighting.ts';
import { type Tale, drilled, notedFault, rig, rulesWithout } from './test-rig.ts';
import { tellMoment } from './words/told.ts';

const CRITICAL: Expectation = {
  alert: 'FalErrorRateCritical',
  holdsAfterSeconds: 30,
  clearsAfterSeconds: 105,
};
const PLATFORM: Expectation = { alert: 'FalPlatformDown', holdsAfterSeconds: 30, clearsAfterSeconds: 105 };
const HELD_BACK: Expectation = { ...CRITICAL, heldBackBy: ['FalPlatformDown'] };
const ROUTED = { receivers: ['fal-pagerduty'] };
const GOOD: Tale = { pending: 15, fires: 130, isOver: 400, routed: ROUTED };
const ONCE = ['start', 'heal', 'close'];

describe('a drill', () => {
  it('passes when the alert fires, reaches a receiver and ends, and tells each of it', async () => {
    const own = rig({ FalErrorRateCritical: GOOD });
    const result = await drilled(own, { expects: [CRITICAL] });
    expect(result.verdict).toBe('passed');
    expect(own.calls).toEqual(ONCE);
    expect(own.told.map(({ kind }) => kind).filter((kind) => kind !== 'waiting')).toEqual([
      ...['starting', 'fault_on', 'pending', 'firing', 'routed', 'look_at_phone', 'healed', 'over'],
    ]);
    expect(result.alerts[0]).toMatchObject({
      firedAfterSeconds: 130,
      overAfterSeconds: 400,
      receivers: ['fal-pagerduty'],
    });
  });

  it('keeps the fault on until Alertmanager has gathered and somebody has looked at the phone', async () => {
    const own = rig({ FalErrorRateCritical: GOOD });
    await drilled(own, { expects: [CRITICAL] });
    const healed = own.told.find(({ kind }) => kind === 'healed');
    // Fired after 130 s, 10 s of group_wait, 15 s to look.
    expect(healed).toMatchObject({ since: 155 });
  });

  it('gives a sign of life a minute, and no more than that', async () => {
    const own = rig({ FalErrorRateCritical: GOOD });
    await drilled(own, { expects: [CRITICAL] });
    const start = own.told[0]?.at ?? 0;
    const gaps = own.told.map(({ at }, index) => at - (own.told[index - 1]?.at ?? start));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(62_000);
    expect(own.told.filter(({ kind }) => kind === 'waiting').length).toBeLessThan(10);
    expect(own.told.map(tellMoment).join('')).toContain('waiting for FalErrorRateCritical, ');
  });

  it('wants what is held back to fire, and not to ring', async () => {
    const own = rig({
      FalPlatformDown: { ...GOOD, fires: 75 },
      FalErrorRateCritical: { ...GOOD, routed: { ...ROUTED, inhibitedBy: ['FalPlatformDown'] } },
    });
    const result = await drilled(own, { expects: [PLATFORM, HELD_BACK] });
    expect(result.verdict).toBe('passed');
    expect(own.told.find(({ kind }) => kind === 'look_at_phone')).toMatchObject({
      alerts: ['FalPlatformDown'],
    });
  });

  it('only tells times when Prometheus cannot be asked, and proves nothing then', async () => {
    const own = rig({});
    own.chain.inspection = { ...own.chain.inspection, prometheus: { ok: false, reason: 'no answer' } };
    const result = await drilled(own, { expects: [CRITICAL] });
    expect(result.verdict).toBe('unproven');
    expect(own.calls).toEqual(ONCE);
    expect(own.told.find(({ kind }) => kind === 'look_at_phone')).toMatchObject({ since: 195 });
  });

  it('takes the word of Prometheus when Alertmanager cannot be asked', async () => {
    const own = rig({ FalErrorRateCritical: GOOD });
    own.chain.inspection = { ...own.chain.inspection, alertmanager: { ok: false, reason: 'no answer' } };
    expect((await drilled(own, { expects: [CRITICAL] })).verdict).toBe('passed');
  });

  it('survives a Prometheus that is away for a while, and says so once', async () => {
    const own = rig({ FalErrorRateCritical: GOOD });
    const away: Sighting = {
      prometheus: { ok: false, reason: 'restarting' },
      alertmanager: { ok: false, reason: 'away' },
    };
    own.clock.after(20_000, () => (own.chain.sighting = away));
    own.clock.after(60_000, () => (own.chain.sighting = undefined));
    expect((await drilled(own, { expects: [CRITICAL] })).verdict).toBe('passed');
    expect(own.told.flatMap((each) => (each.kind === 'note' ? [each.text] : []))).toEqual([
      'restarting; trying on',
      'away; trying on',
    ]);
  });
});

describe('a drill that is over before it begins', () => {
  it.each([
    ['rules', { rules: rulesWithout('FalErrorRateCritical'), alertmanagers: ['am:9093'] }],
    ['alertmanager_missing', { rules: rulesWithout(), alertmanagers: [] }],
    ['scrape', { rules: rulesWithout(), alertmanagers: ['am:9093'], isScraped: false }],
  ])('breaks nothing when the link %s is broken, and names it', async (link, value) => {
    const own = rig({});
    own.chain.inspection = { ...own.chain.inspection, prometheus: { ok: true, value } };
    const result = await drilled(own, { expects: [CRITICAL] });
    expect([result.verdict, result.broken.map((each) => each.link)]).toEqual(['failed', [link]]);
    expect(own.calls).toEqual([]);
  });

  it('breaks nothing while the alert fires already: nobody is called twice', async () => {
    const own = rig({});
    const firing = [{ alert: 'FalErrorRateCritical', labels: {}, state: 'firing' as const }];
    own.chain.sighting = { prometheus: { ok: true, value: firing }, alertmanager: { ok: true, value: [] } };
    await expect(drilled(own, { expects: [CRITICAL] })).rejects.toThrow(/fires already/);
    expect(own.calls).toEqual([]);
  });
});

describe('a drill that fails names the link', () => {
  it.each<[string, Tale]>([
    ['rule_quiet', {}],
    ['rule_pending', { pending: 15 }],
    ['alertmanager_silent', { ...GOOD, routed: undefined } as unknown as Tale],
    ['silenced', { ...GOOD, routed: { silencedBy: ['5b4d'] } }],
    ['inhibited', { ...GOOD, routed: { inhibitedBy: ['FalAccountLocked'] } }],
    ['route', { ...GOOD, routed: { receivers: ['nobody'] } }],
    ['end', { ...GOOD, isOver: 9000 }],
  ])('%s', async (link, tale) => {
    const own = rig({ FalErrorRateCritical: tale });
    const receivers = new Map([
      ['fal-pagerduty', ['pagerduty']],
      ['nobody', []],
    ]);
    own.chain.inspection = { ...own.chain.inspection, alertmanager: { ok: true, value: { receivers } } };
    const result = await drilled(own, { expects: [CRITICAL] });
    expect([result.verdict, result.alerts[0]?.broken?.link]).toEqual(['failed', link]);
    expect(own.calls).toEqual(ONCE);
  });

  it('rules, when one of several is not loaded, without waiting for it', async () => {
    const own = rig({ FalPlatformDown: GOOD });
    const rules = rulesWithout('FalErrorRateCritical');
    own.chain.inspection = {
      ...own.chain.inspection,
      prometheus: { ok: true, value: { rules, alertmanagers: ['am:9093'] } },
    };
    const result = await drilled(own, { expects: [PLATFORM, CRITICAL] });
    expect(result.alerts.map(({ broken }) => broken?.link)).toEqual([undefined, 'rules']);
    expect(own.told.find(({ kind }) => kind === 'healed')).toMatchObject({ since: 155 });
  });

  it('delivery, when Alertmanager counts notifications that failed meanwhile', async () => {
    const own = rig({ FalErrorRateCritical: GOOD });
    own.chain.failed = { pagerduty: 2 };
    own.clock.after(135_000, () => (own.chain.failed = { pagerduty: 3, webhook: 0 }));
    const result = await drilled(own, { expects: [CRITICAL] });
    expect([result.verdict, result.broken.map(({ link }) => link)]).toEqual(['failed', ['delivery']]);
    expect(result.broken[0]?.text).toContain('pagerduty');
  });

  it('end, when the time that the user gave is up, and heals in time', async () => {
    const own = rig({ FalErrorRateCritical: GOOD });
    const result = await drilled(own, { expects: [CRITICAL], capSeconds: 60 });
    expect(result.alerts[0]?.broken?.link).toBe('rule_pending');
    expect(own.told.find(({ kind }) => kind === 'healed')).toMatchObject({ since: 60 });
  });
});

describe('the healing', () => {
  it('comes at once when the user interrupts, and nothing is waited for after it', async () => {
    const own = rig({ FalErrorRateCritical: GOOD });
    const result = await drilled(own, { expects: [CRITICAL], interruptAfterSeconds: 50 });
    expect(result.verdict).toBe('interrupted');
    expect(own.told.at(-1)).toMatchObject({ kind: 'healed', since: 50 });
    expect(own.calls).toEqual(ONCE);
  });

  it('comes when the fault could not be switched on: it may be on all the same', async () => {
    const own = rig({});
    const fault = notedFault(own.calls, () => Promise.reject(new DrillError('no answer')));
    await expect(drilled(own, { expects: [CRITICAL], fault })).rejects.toThrow('no answer');
    expect(own.calls).toEqual(ONCE);
  });

  it('that fails is what the user hears of, whatever failed before it', async () => {
    const own = rig({});
    const fault = notedFault(own.calls, () => Promise.reject(new Error('first')));
    const heal = (): Promise<void> => Promise.reject(new DrillError('could not be switched off'));
    await expect(drilled(own, { expects: [CRITICAL], fault: { ...fault, heal } })).rejects.toThrow(
      'switched off',
    );
    expect(own.calls).toEqual(['start', 'close']);
  });

  it('happens exactly once, and after the start, for any sequence of failures', async () => {
    const step = fc.constantFrom('answers', 'is silent', 'breaks', 'fires', 'interrupts');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, doesStartFail) => {
        const own = rig({ FalErrorRateCritical: { fires: 8, isOver: 4, routed: ROUTED } });
        let looks = 0;
        const chain: Chain = {
          inspect: () => own.chain.inspect(),
          failedDeliveries: () => own.chain.failedDeliveries(),
          look: () => {
            const what = steps[looks++] ?? 'answers';
            if (what === 'breaks') return Promise.reject(new Error('a defect'));
            if (what === 'interrupts') own.stop.abort(new DOMException('Ctrl-C', 'AbortError'));
            const silent: Sighting = {
              prometheus: { ok: false, reason: '' },
              alertmanager: { ok: false, reason: '' },
            };
            return what === 'is silent' ? Promise.resolve(silent) : own.chain.look();
          },
        };
        const start = (): Promise<void> =>
          doesStartFail ? Promise.reject(new Error('no')) : Promise.resolve();
        await drilled(own, { expects: [CRITICAL], chain, fault: notedFault(own.calls, start) }).catch(
          () => undefined,
        );
        expect([[], ONCE]).toContainEqual(own.calls);
      }),
      { numRuns: 60 },
    );
  });
});
