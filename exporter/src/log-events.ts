import type { DomainEvent, EventSink } from './domain/events.ts';
import type { Log } from './log.ts';

/** Writes down what an operator wants to find in the log: failures, locks and changes; not every good run. */
export function logEvents(log: Log): EventSink {
  const locked = new Map<string, boolean>();
  const collectorOk = new Map<string, boolean>();
  return (event: DomainEvent) => {
    switch (event.kind) {
      case 'probe_run_finished':
        if (event.error === undefined) return;
        return log.warn(`probe failed: ${event.error.text}`, {
          ...{ probe: event.probe, endpoint_id: event.endpointId, outcome: event.outcome },
          ...{ error_type: event.error.type, fault: event.error.fault, request_id: event.requestId },
          seconds: Number(event.durationSeconds.toFixed(3)),
        });
      case 'account_lock_observed':
        if ((locked.get(event.account) ?? false) === event.locked) return;
        locked.set(event.account, event.locked);
        if (event.locked)
          return log.error('fal refuses the account: it is locked', {
            account: event.account,
            reason: event.reason,
          });
        return log.info('fal takes requests of the account again', { account: event.account });
      case 'collector_ran': {
        const was = collectorOk.get(event.collector) ?? true;
        collectorOk.set(event.collector, event.ok);
        if (was === event.ok) return;
        if (event.ok) return log.info('collector works again', { collector: event.collector });
        return log.warn(`collector failed: ${event.problem ?? 'unknown reason'}`, {
          collector: event.collector,
        });
      }
      default:
    }
  };
}
