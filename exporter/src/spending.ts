import type { Budget, Reservation } from './budget/budget.ts';
import { costOfHeader } from './budget/cost.ts';
import type { Clock } from './domain/clock.ts';
import type { BudgetWindow, EventSink } from './domain/events.ts';
import { usdFromNano } from './domain/money.ts';
import type { Log } from './log.ts';
import type { SpendGuard } from './probes/probe-runner.ts';

export interface SpendingOptions {
  readonly budget: Budget;
  readonly clock: Clock;
  readonly emit: EventSink;
  readonly log: Log;
  /** Ends the regular report of what is left. */
  readonly signal: AbortSignal;
}

/** What is left grows while old spending leaves its window, so it is told now and then without any run. */
const REPORT_INTERVAL_MS = 15_000;

/** The budget as the runner of probes sees it: whatever it decides, what is left is told as an event. */
export function guardSpend({ budget, clock, emit, log, signal }: SpendingOptions): SpendGuard<Reservation> {
  const report = (): void =>
    emit({ kind: 'budget_observed', at: clock.now(), remaining: budget.remaining() });
  let cancel = (): void => undefined;
  signal.addEventListener('abort', () => cancel(), { once: true });
  const reportAgain = (): void => {
    if (signal.aborted) return;
    report();
    cancel = clock.after(REPORT_INTERVAL_MS, reportAgain);
  };
  reportAgain();
  const told = new Set<BudgetWindow>();
  return {
    reserve(request) {
      const answer = budget.reserve(request);
      if (answer.ok) told.clear();
      else if (!told.has(answer.window)) {
        told.add(answer.window);
        const needed_usd = usdFromNano(answer.needed);
        const retry_after_seconds = Math.ceil(answer.retryAfterMs / 1000);
        const way = answer.isLargerThanCap
          ? 'the run alone costs more than the cap: raise it'
          : 'waiting for the window';
        log.warn(`probe skipped, its budget is used up; ${way}`, {
          ...{ probe: request.probe, window: answer.window, needed_usd, retry_after_seconds },
        });
      }
      report();
      return answer;
    },
    settle(reservation, header, unitPrice) {
      const cost = header === undefined ? undefined : costOfHeader(header, unitPrice);
      const booked = budget.settle(reservation, cost);
      report();
      return booked;
    },
    release(reservation) {
      budget.release(reservation);
      report();
    },
  };
}
