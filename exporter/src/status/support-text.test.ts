import fc from 'fast-check';
import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { type SupportCase, supportText } from './support-text.ts';
import { LOCK_WORDS } from './words.ts';

const AT = Date.UTC(2026, 10, 21, 14, 3, 7);
const CASE: SupportCase = {
  account: 'production',
  lock: { reason: 'exhausted_balance', since: AT, at: AT + 680_000, requestIds: ['req-2', 'req-1'] },
  balance: { amount: 48_200_000_000, at: AT + 690_000 },
  version: '1.2.3',
  isDemo: false,
};

describe('the text for support', () => {
  it('holds both readings with their times in UTC, and the ids that support asks for', () => {
    expect(supportText(CASE)).toBe(
      [
        'Subject: account is refused as locked, with a balance of $48.20',
        '',
        'Your API refuses our calls with 403 "User is locked".',
        'At the same time it reports money on the account.',
        '',
        'Reason given:  exhausted balance (exhausted_balance)',
        'First seen:    2026-11-21 14:03:07 UTC',
        'Last seen:     2026-11-21 14:14:27 UTC',
        'Balance:       $48.20, read 2026-11-21 14:14:37 UTC (GET /v1/account/billing)',
        'Account:       production (our name for it)',
        'Seen by:       fal-exporter 1.2.3',
        '',
        'Ids of refused requests, newest first:',
        '  req-2',
        '  req-1',
        '',
        'Please unlock the account, or tell us what it still needs.',
        '',
      ].join('\n'),
    );
  });

  it('says that a demo is one, before anything else', () => {
    expect(supportText({ ...CASE, isDemo: true })).toMatch(/^SIMULATED: .*Do not send it\.\n/);
    expect(supportText(CASE)).not.toContain('SIMULATED');
  });

  it('claims no balance that nobody read, and no ids that fal did not give', () => {
    const text = supportText({ ...CASE, balance: undefined, lock: { ...CASE.lock, requestIds: [] } });
    expect(text).toContain('Balance:       not known to us');
    expect(text).toContain('The refusals carried no request ids.');
    expect(text).not.toMatch(/\$|reports money/);
  });

  it('for any alias and any times is one line each, with at most five ids', () => {
    const reason = fc.constantFrom(...(Object.keys(LOCK_WORDS) as LockReason[]));
    const wild = fc.oneof(fc.double(), fc.integer());
    fc.assert(
      fc.property(fc.string(), reason, wild, fc.array(fc.uuid()), (account, name, since, requestIds) => {
        const lock = { reason: name, since, at: since, requestIds };
        const lines = supportText({ ...CASE, account, lock }).split('\n');
        expect(lines.filter((line) => line.startsWith('Account: '))).toHaveLength(1);
        const ids = Math.min(5, requestIds.length);
        expect(lines).toHaveLength(15 + (ids === 0 ? 1 : ids + 1));
        expect(lines.join('\n')).not.toMatch(/NaN|undefined|Invalid/);
      }),
    );
  });
});
