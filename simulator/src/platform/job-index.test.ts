import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Job } from '../ledger.ts';
import { type JobRecord, LedgerBook } from '../ledger-book.ts';
import { jobIndexOf } from './job-index.ts';

function book(limit = 100_000): LedgerBook {
  return new LedgerBook({ jobs: limit, exchanges: 1 }, () => undefined);
}

function record(requestId: string, completedAt?: number): JobRecord {
  return {
    requestId,
    endpointId: 'acme/paint',
    account: 'team',
    keyId: 'key',
    mode: 'queue',
    submittedAt: 0,
    runs: [],
    unit: 'images',
    outcome: completedAt === undefined ? 'pending' : 'ok',
    completedAt,
  };
}

const idsOf = (jobs: readonly Job[]): string[] => jobs.map((job) => job.requestId);

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('add' as const), at: fc.option(fc.integer({ min: 0, max: 50 })) }),
    fc.record({ do: fc.constant('end' as const), at: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ do: fc.constant('ask' as const), at: fc.integer({ min: 0, max: 50 }) }),
  ),
  { maxLength: 60, size: 'max' },
);

test('the index gives what a search through the whole ledger would, whatever happened between the questions', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 2, max: 30 }), (taken, limit) => {
      const ledger = book(limit);
      const records: JobRecord[] = [];
      for (const step of taken) {
        if (step.do === 'add') {
          const job = record(`job ${records.length}`, step.at ?? undefined);
          records.push(job);
          ledger.addJob(job);
        } else if (step.do === 'end') {
          const open = records.find((job) => job.completedAt === undefined);
          if (open !== undefined) Object.assign(open, { completedAt: step.at, outcome: 'ok' });
        } else {
          const range = { start: step.at, end: step.at + 20 };
          const found = jobIndexOf(ledger).ended(range);
          const isWithin = ({ completedAt = NaN }: Job): boolean =>
            completedAt >= range.start && completedAt < range.end;
          expect(idsOf(found).sort()).toEqual(idsOf(ledger.jobs.filter(isWithin)).sort());
          expect(found.map((job) => job.completedAt)).toEqual(
            found.map((job) => job.completedAt).toSorted((a, b) => a - b),
          );
          const open = ledger.jobs.filter((job) => job.completedAt === undefined);
          expect(idsOf(jobIndexOf(ledger).unfinished())).toEqual(idsOf(open));
        }
      }
    }),
  );
});

test('a question about the last minute does not look at thousands of older jobs again', () => {
  const ledger = book();
  let looks = 0;
  for (let at = 0; at < 5000; at += 1) {
    const watched = Object.defineProperty(record(`job ${at}`), 'completedAt', {
      get: () => {
        looks += 1;
        return at;
      },
    });
    ledger.addJob(watched);
  }
  const index = jobIndexOf(ledger);
  expect(index.ended({ start: 4990, end: 5000 })).toHaveLength(10);
  looks = 0;
  for (let asked = 0; asked < 100; asked += 1) index.ended({ start: 4990, end: 5000 });
  expect(looks / 100).toBeLessThan(50);
});
