import { VirtualClock } from 'fal-simulator';
import { describe, expect, it, vi } from 'vitest';
import { sleep } from '../domain/clock.ts';
import type { DomainEvent, ProbeRunFinished } from '../domain/events.ts';
import { PriceBook } from '../domain/price-book.ts';
import { type InFlightLog, ProbeRunner, type SpendGuard } from './probe-runner.ts';
import type { Probe, ProbeRunContext, ProbeRunResult, RunBilling } from './probe.ts';
import { Slots } from './slots.ts';

const never = new AbortController().signal;

interface Rig {
  readonly runner: ProbeRunner<string>;
  readonly events: DomainEvent[];
  readonly clock: VirtualClock;
  readonly slots: Slots;
  readonly spend: { [K in keyof SpendGuard<string>]: ReturnType<typeof vi.fn<SpendGuard<string>[K]>> };
  readonly inFlight: { [K in keyof InFlightLog]: ReturnType<typeof vi.fn<InFlightLog[K]>> };
  readonly troubles: string[];
}

function rig(slotLimit: number | 'unknown' = 10): Rig {
  const limit = slotLimit === 'unknown' ? undefined : slotLimit;
  const clock = new VirtualClock();
  const events: DomainEvent[] = [];
  const emit = (event: DomainEvent): void => void events.push(event);
  const spend = {
    reserve: vi.fn<SpendGuard<string>['reserve']>(() => ({ ok: true, reservation: 'r' })),
    settle: vi.fn<SpendGuard<string>['settle']>(() => ({ cost: 7, source: 'units' })),
    release: vi.fn<SpendGuard<string>['release']>(),
  };
  const inFlight = { add: vi.fn<InFlightLog['add']>(), remove: vi.fn<InFlightLog['remove']>() };
  const prices = new PriceBook();
  prices.observe({ kind: 'unit_price_observed', at: 0, endpointId: 'a/b', unit: 'images', price: 5 });
  const slots = new Slots({ clock, emit, account: () => 'default', limit: () => limit });
  const troubles: string[] = [];
  const onTrouble = (message: string): void => void troubles.push(message);
  const runner = new ProbeRunner({ clock, emit, slots, spend, inFlight, prices, onTrouble });
  return { runner, events, clock, slots, spend, inFlight, troubles };
}

function probe(
  run: (context: ProbeRunContext) => Promise<RunBilling>,
  tier: Probe['tier'] = 'inference',
): Probe {
  const self: Probe = {
    ...{ name: 'p', tier, endpointId: 'a/b', intervalMs: 1000, timeoutMs: 500 },
    run: async (context): Promise<ProbeRunResult> => ({ billing: await run(context), finished: finished() }),
  };
  return self;
}

const finished = (): ProbeRunFinished => ({
  ...{ kind: 'probe_run_finished', at: 0, probe: 'p', tier: 'inference', outcome: 'ok', durationSeconds: 1 },
  ...{ attempts: 1, platformRetries: 0, steps: [] },
});
const billed = (billing: RunBilling) => (): Promise<RunBilling> => Promise.resolve(billing);
const skips = (events: readonly DomainEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'probe_run_skipped' ? [event.reason] : []));

describe('running a probe within the rules', () => {
  it('reserves before the run and settles after it with the units of the result', async () => {
    const { runner, spend, events } = rig();
    await runner.run(probe(billed({ kind: 'units', header: '1.5' })), never);
    expect(spend.reserve).toHaveBeenCalledBefore(spend.settle);
    expect(spend.settle).toHaveBeenCalledWith('r', '1.5', 5);
    expect(events.filter((e) => e.kind !== 'slots_observed').map((e) => e.kind)).toEqual([
      'probe_run_started',
      'probe_run_finished',
      'spend_booked',
    ]);
  });

  it('guesses the cost of a run from the last one whose units were told, and only then', async () => {
    const { runner, spend } = rig();
    const run = (): Promise<unknown> => runner.run(probe(billed({ kind: 'units', header: '1' })), never);
    await run();
    await run();
    expect(spend.reserve.mock.calls.map(([request]) => request.estimatedCost)).toEqual([undefined, 7]);
  });

  it('gives the reservation back when fal provably billed nothing, and keeps it when nobody knows', async () => {
    const { runner, spend } = rig();
    await runner.run(probe(billed({ kind: 'none' })), never);
    expect(spend.release).toHaveBeenCalledTimes(1);
    await runner.run(probe(billed({ kind: 'unknown' })), never);
    expect(spend.settle).toHaveBeenCalledWith('r', undefined, 5);
  });

  it('does not run when the budget is used up, nor when the reservation cannot be written', async () => {
    const { runner, spend, events, troubles } = rig();
    const run = vi.fn(billed({ kind: 'none' }));
    spend.reserve.mockReturnValueOnce({ ok: false });
    await runner.run(probe(run), never);
    spend.reserve.mockImplementationOnce(() => {
      throw new Error('disk full');
    });
    await runner.run(probe(run), never);
    expect(run).not.toHaveBeenCalled();
    expect(skips(events)).toEqual(['budget', 'budget']);
    expect(troubles).toEqual([expect.stringContaining('could not be reserved')]);
  });

  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    ['unknown', 1],
  ] as const)(
    'with a limit of %s slots runs at most %i at once, so that one stays free',
    async (limit, most) => {
      const { runner, clock, events } = rig(limit);
      let active = 0;
      let highest = 0;
      const slow = probe(async () => {
        highest = Math.max(highest, (active += 1));
        await sleep(clock, 1000);
        active -= 1;
        return { kind: 'none' };
      });
      const runs = Promise.all([1, 2, 3, 4].map(() => runner.run(slow, never)));
      await clock.advance(5000);
      await runs;
      expect(highest).toBe(most);
      expect(skips(events)).toHaveLength(4 - most);
      expect(events.findLast((e) => e.kind === 'slots_observed')).toMatchObject({ inUse: 0 });
    },
  );

  it('asks neither slots nor budget for a free probe', async () => {
    const { runner, spend } = rig(1);
    expect(await runner.run(probe(billed({ kind: 'none' }), 'free'), never)).toMatchObject({ outcome: 'ok' });
    expect(spend.reserve).not.toHaveBeenCalled();
  });

  it('notes what is at fal and forgets it when the run is over, however it ends', async () => {
    const { runner, inFlight, events, troubles, spend, slots } = rig(2);
    const failing = probe(({ onSubmitted }) => {
      onSubmitted('id-1');
      return Promise.reject(new Error('defect'));
    });
    await runner.run(failing, never);
    expect(inFlight.add).toHaveBeenCalledWith({ probe: 'p', endpointId: 'a/b', requestId: 'id-1' });
    expect(inFlight.remove).toHaveBeenCalledWith('id-1');
    expect(events.findLast((e) => e.kind === 'probe_run_finished')).toMatchObject({
      outcome: 'error',
      error: { type: '_OTHER' },
    });
    expect(spend.settle).toHaveBeenCalledWith('r', undefined, 5);
    expect(troubles).toEqual([expect.stringContaining('defect of the exporter')]);
    expect(slots.tryTake()).toBe(true);
  });

  it('survives a state file that refuses every write after the run', async () => {
    const { runner, spend, troubles, inFlight } = rig();
    const refuse = (): never => {
      throw new Error('disk full');
    };
    spend.settle.mockImplementation(refuse);
    inFlight.remove.mockImplementation(refuse);
    const run = probe(({ onSubmitted }) => {
      onSubmitted('id-1');
      return Promise.resolve({ kind: 'unknown' });
    });
    expect(await runner.run(run, never)).toMatchObject({ outcome: 'ok' });
    expect(troubles).toHaveLength(2);
  });
});
