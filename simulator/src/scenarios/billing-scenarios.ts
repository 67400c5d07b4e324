import type { Switches } from '../engine.ts';
import type { Scenario } from './scenario.ts';

/** Large enough that a handful of jobs meets it, small enough that most rows are in order. */
const SHARE = 0.3;

function switched(name: string, set: Partial<Switches>, description: string): Scenario {
  return { name, description, changes: [{ kind: 'switches', set }] };
}

/** Scenarios of what fal says about money. What is charged is right in all of them. */
export const BILLING_SCENARIOS: readonly Scenario[] = [
  switched(
    'billing-duplicated',
    { billingEvents: { duplicated: SHARE } },
    'Three in ten billing events are listed twice, some on two pages, some with a newer time again.',
  ),
  switched(
    'billing-corrected',
    { billingEvents: { corrected: SHARE } },
    'Three in ten billing events have a wrong cost at first; it is corrected ten minutes after the job.',
  ),
  switched(
    'billing-partly-late',
    { billingEvents: { late: SHARE } },
    'Three in ten billing events come six hours late; usage has all jobs in time.',
  ),
  switched(
    'billing-incomplete',
    { billingEvents: { missing: SHARE } },
    'Three in ten billed requests never become a billing event; usage has them all.',
  ),
  switched('usage-500', { usageFails: true }, 'Usage answers 500 server_error; billing events work.'),
  switched(
    'balance-unreadable',
    { balanceFails: true },
    'The balance answers 500 server_error; the rest of the Platform API works.',
  ),
];
