import { describe, expect, it } from 'vitest';
import type { AlertOutcome, DrillResult } from '../timeline.ts';
import { resultAsJson, tellResult } from './result.ts';
import { tellMoment } from './told.ts';

const GOOD: AlertOutcome = {
  ...{
    alert: 'FalPlatformDown',
    severity: 'critical',
    heldBackBy: [],
    receivers: ['fal-pagerduty'],
    inhibitedBy: [],
  },
  ...{ firedAfterSeconds: 130, routedAfterSeconds: 132, overAfterSeconds: 400 },
};
const UNHELD: AlertOutcome = { ...GOOD, alert: 'FalErrorRateCritical', heldBackBy: ['FalPlatformDown'] };
const HELD: AlertOutcome = { ...UNHELD, inhibitedBy: ['FalPlatformDown'] };
const BROKEN: AlertOutcome = {
  ...{ alert: 'FalLate', severity: 'warning', heldBackBy: [], receivers: [], inhibitedBy: [] },
  broken: { link: 'rule_quiet', text: 'FalLate did not even become pending.', check: 'its expression' },
};
const passed: DrillResult = { verdict: 'passed', alerts: [GOOD, HELD], broken: [] };

describe('the result of a drill', () => {
  it('has a line for each alert and one sentence at the end', () => {
    expect(tellResult(passed)).toBe(`
✓ FalPlatformDown       fired after 2 min 10 s, to fal-pagerduty; over 6 min 40 s after the healing
✓ FalErrorRateCritical  fired after 2 min 10 s, held back by FalPlatformDown; over 6 min 40 s after the healing

Everything that should arrive did, and ended.
`);
  });

  it('says when an alert rang although another should have held it back', () => {
    expect(tellResult({ ...passed, alerts: [UNHELD] })).toContain(
      'to fal-pagerduty, although FalPlatformDown should hold it back (inhibit_rules)',
    );
  });

  it('names the broken link under its alert, with what to check', () => {
    expect(tellResult({ ...passed, verdict: 'failed', alerts: [BROKEN] })).toBe(`
✗ FalLate  did not fire
    FalLate did not even become pending.
    → check its expression

Not everything arrived as it should; see above.
`);
  });

  it('blames no alert for a chain that was broken beforehand', () => {
    const broken = [{ link: 'alertmanager_missing', text: 'No Alertmanager.', check: 'alerting' } as const];
    expect(tellResult({ verdict: 'failed', alerts: [BROKEN], broken })).not.toContain('FalLate');
  });

  it('tells an interrupted drill in one sentence', () => {
    expect(tellResult({ ...passed, verdict: 'interrupted' }).trim()).toMatch(
      /^Interrupted\. .*end by themselves\.$/,
    );
  });

  it('keeps its numbers for a program', () => {
    expect(resultAsJson(passed)).toMatchObject({
      verdict: 'passed',
      alerts: [{ alert: 'FalPlatformDown', fired_after_seconds: 130, over_after_seconds: 400 }, {}],
    });
  });
});

describe('the time line', () => {
  const at = new Date(2026, 10, 21, 14, 30, 5).getTime();

  it('has the time of day, the time since the fault, and what happened', () => {
    expect(tellMoment({ kind: 'firing', alert: 'FalPlatformDown', since: 130.4, at })).toBe(
      '14:30:05    2:10  FalPlatformDown fires\n',
    );
    expect(tellMoment({ kind: 'fault_on', at })).toBe('14:30:05          fault on\n');
  });

  it.each([
    [{ receivers: ['a', 'b'], inhibitedBy: [], silencedBy: [] }, 'for a, b'],
    [{ receivers: [], inhibitedBy: [], silencedBy: [] }, 'for no receiver'],
    [
      { receivers: ['a'], inhibitedBy: ['FalAccountLocked'], silencedBy: [] },
      'held back by FalAccountLocked',
    ],
    [{ receivers: ['a'], inhibitedBy: ['x'], silencedBy: ['s1'] }, 'silenced (s1)'],
  ])('says where Alertmanager has it: %j', (where, words) => {
    expect(tellMoment({ kind: 'routed', alert: 'X', since: 0, at, ...where })).toContain(
      `Alertmanager has X, ${words}\n`,
    );
  });

  it('indents what has several lines', () => {
    expect(tellMoment({ kind: 'note', text: 'one\ntwo', at })).toBe(
      `14:30:05          one\n${' '.repeat(18)}two\n`,
    );
  });
});
