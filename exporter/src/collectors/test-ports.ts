import { DatabaseSync } from 'node:sqlite';
import { StoredBooks } from '../billing/stored-books.ts';
import type { Clock } from '../domain/clock.ts';
import { Meta } from '../state/meta.ts';
import { migrate } from '../state/schema.ts';
import { StateDatabase } from '../state/state-database.ts';
import { FailedRequests } from './failed-requests.ts';
import type { CollectorPorts } from './registry.ts';
import { LatestUsage } from './usage-readings.ts';

/** The real parts behind the ports, over a state file in memory. */
export function testPorts(clock: Clock): CollectorPorts {
  const database = new DatabaseSync(':memory:');
  migrate(database, 0);
  const state = new StateDatabase(database, ':memory:');
  return {
    books: (account) => new StoredBooks(state, account, clock),
    usage: new LatestUsage(clock),
    failed: new FailedRequests(clock),
    memory: new Meta(state),
    priceOf: () => undefined,
    isLocked: () => undefined,
  };
}
