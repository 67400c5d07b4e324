import type {
  AccountLockObserved,
  CollectorRan,
  DomainEvent,
  EventSink,
  ModelStatusObserved,
  PriceChangesObserved,
  ProbeRunFinished,
} from './domain/events.ts';
import { usdFromNano } from './domain/money.ts';
import type { Log } from './log.ts';

/** Writes down what an operator wants to find in the log: failures, locks and changes; not every good run. */
export function logEvents(log: Log): EventSink {
  const changes = new Changes(log);
  return (event: DomainEvent) => {
    switch (event.kind) {
      case 'probe_run_finished':
        return logRun(log, event);
      case 'account_lock_observed':
        return changes.lock(event);
      case 'collector_ran':
        return changes.collector(event);
      case 'model_status_observed':
        return changes.model(event);
      case 'price_changes_observed':
        return changes.prices(event);
      default:
    }
  };
}

function logRun(log: Log, event: ProbeRunFinished): void {
  if (event.error === undefined) return;
  log.warn(`probe failed: ${event.error.text}`, {
    ...{ probe: event.probe, endpoint_id: event.endpointId, outcome: event.outcome },
    ...{ error_type: event.error.type, fault: event.error.fault, request_id: event.requestId },
    seconds: Number(event.durationSeconds.toFixed(3)),
  });
}

/** What is told again and again, and is news only when it is another than before. */
class Changes {
  readonly #log: Log;
  readonly #locked = new Map<string, boolean>();
  readonly #collectorOk = new Map<string, boolean>();
  readonly #models = new Map<string, ModelStatusObserved['status']>();
  readonly #prices = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  lock({ account, locked, reason }: AccountLockObserved): void {
    const was = this.#locked.get(account) ?? false;
    this.#locked.set(account, locked);
    if (was === locked) return;
    if (locked) this.#log.error('fal refuses the account: it is locked', { account, reason });
    else this.#log.info('fal takes requests of the account again', { account });
  }

  collector({ collector, ok, problem }: CollectorRan): void {
    const was = this.#collectorOk.get(collector) ?? true;
    this.#collectorOk.set(collector, ok);
    if (was === ok) return;
    if (ok) this.#log.info('collector works again', { collector });
    else this.#log.warn(`collector failed: ${problem ?? 'unknown reason'}`, { collector });
  }

  model({ endpointId, status }: ModelStatusObserved): void {
    const was = this.#models.get(endpointId) ?? 'active';
    this.#models.set(endpointId, status);
    if (was === status) return;
    const facts = { endpoint_id: endpointId };
    if (status === 'active') this.#log.info('fal lists the model as active again', facts);
    else if (status === 'missing') this.#log.warn('the model is not in fal’s catalogue (any more)', facts);
    else this.#log.warn('fal has deprecated the model', facts);
  }

  prices({ changes }: PriceChangesObserved): void {
    for (const { endpointId, move, from, to, seenAt, weeklyEffect } of changes) {
      const key = JSON.stringify([endpointId, seenAt]);
      if (this.#prices.has(key)) continue;
      this.#prices.add(key);
      this.#log.warn(`fal changed a list price: ${move}`, {
        ...{ endpoint_id: endpointId, from_usd: usdFromNano(from.price), from_unit: from.unit },
        ...{ to_usd: to && usdFromNano(to.price), to_unit: to?.unit },
        weekly_effect_usd: weeklyEffect === undefined ? undefined : usdFromNano(weeklyEffect),
      });
    }
  }
}
