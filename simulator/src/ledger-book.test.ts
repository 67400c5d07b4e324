import { expect, test, vi } from 'vitest';
import { type JobRecord, LedgerBook } from './ledger-book.ts';

function job(requestId: string, outcome: JobRecord['outcome']): JobRecord {
  return {
    requestId,
    outcome,
    endpointId: 'a/b',
    account: 'team',
    keyId: 'key',
    mode: 'queue',
    submittedAt: 0,
    runs: [],
    unit: 'images',
  };
}

test('the newest jobs stay, and those that have not ended stay whatever their age', () => {
  const onForget = vi.fn();
  const book = new LedgerBook({ jobs: 10, exchanges: 10 }, onForget);
  book.addJob(job('old and pending', 'pending'));
  for (let count = 1; count <= 11; count += 1) book.addJob(job(`ended ${count}`, 'ok'));
  expect(book.jobs.map(({ requestId }) => requestId)).toEqual([
    'old and pending',
    ...Array.from({ length: 10 }, (_, index) => `ended ${index + 2}`),
  ]);
  expect(book.job('ended 1')).toBeUndefined();
  expect(book.job('old and pending')).toBeDefined();
  expect(onForget.mock.calls).toEqual([['ended 1']]);
});

test('exchanges are bounded to the newest', () => {
  const book = new LedgerBook({ jobs: 10, exchanges: 100 }, () => undefined);
  for (let at = 0; at < 1000; at += 1) {
    book.addExchange({ at, method: 'GET', host: 'fal.run', path: '/', answer: 200 });
  }
  expect(book.exchanges.length).toBeGreaterThanOrEqual(100);
  expect(book.exchanges.length).toBeLessThanOrEqual(110);
  expect(book.exchanges.at(-1)?.at).toBe(999);
});
