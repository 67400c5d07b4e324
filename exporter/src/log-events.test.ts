import { describe, expect, it } from 'vitest';
import type { DomainEvent, ProbeRunFinished } from './domain/events.ts';
import { logEvents } from './log-events.ts';

function written(events: readonly DomainEvent[]): string[] {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level} ${message}`);
  const sink = logEvents({ info: write('info'), warn: write('warn'), error: write('error') });
  for (const event of events) sink(event);
  return lines;
}

const run = (parts: Partial<ProbeRunFinished>): ProbeRunFinished => ({
  ...{ kind: 'probe_run_finished', at: 0, probe: 'p', tier: 'inference', outcome: 'ok' },
  ...{ durationSeconds: 1, attempts: 1, platformRetries: 0, steps: [] },
  ...parts,
});
const lock = (locked: boolean): DomainEvent => ({
  kind: 'account_lock_observed',
  at: 0,
  account: 'a',
  locked,
});
const collector = (ok: boolean): DomainEvent => ({
  ...{ kind: 'collector_ran', at: 0, collector: 'balance', ok, durationSeconds: 1 },
  ...{ intervalMs: 60_000, calls: 1 },
  problem: ok ? undefined : 'no answer',
});

describe('what the log says of events', () => {
  it('names failures and passes good runs over', () => {
    const error = { type: 'runner_disconnected', fault: 'platform', text: 'gone' } as const;
    expect(written([run({}), run({ outcome: 'error', error })])).toEqual(['warn probe failed: gone']);
  });

  it('tells a lock once, and once its end', () => {
    expect(written([lock(false), lock(true), lock(true), lock(false), lock(false)])).toEqual([
      'error fal refuses the account: it is locked',
      'info fal takes requests of the account again',
    ]);
  });

  it('tells when a collector fails and when it works again, not each time', () => {
    expect(written([collector(true), collector(false), collector(false), collector(true)])).toEqual([
      'warn collector failed: no answer',
      'info collector works again',
    ]);
  });

  it('tells that a model leaves, and each change of a price once', () => {
    const model = (status: 'active' | 'deprecated' | 'missing'): DomainEvent => ({
      ...{ kind: 'model_status_observed', at: 0, endpointId: 'a/b', status },
    });
    const change = { endpointId: 'a/b', move: 'raised', seenAt: 1, weeklyEffect: 2e9 } as const;
    const from = { unit: 'images', price: 1e6 };
    const prices: DomainEvent = { kind: 'price_changes_observed', at: 0, changes: [{ ...change, from }] };
    const events = [
      model('active'),
      model('deprecated'),
      model('deprecated'),
      model('missing'),
      model('active'),
    ];
    expect(written([...events, prices, prices])).toEqual([
      'warn fal has deprecated the model',
      'warn the model is not in fal’s catalogue (any more)',
      'info fal lists the model as active again',
      'warn fal changed a list price: raised',
    ]);
  });
});
