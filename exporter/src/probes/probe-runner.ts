import type { Clock } from '../domain/clock.ts';
import type { EventSink, ProbeRunFinished, SkipReason, SpendBooked } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { type Probe, type ProbeRunResult, type RunBilling, isPaid } from './probe.ts';
import type { Slots } from './slots.ts';

/** The spend cap, as a runner sees it. Money is reserved before a run and settled after it. */
export interface SpendGuard<Reservation> {
  /** Throws when the reservation cannot be written: then nothing may be spent. */
  reserve(request: {
    readonly probe: string;
    readonly endpointId: string;
    readonly estimatedCost?: NanoUsd | undefined;
  }): { readonly ok: true; readonly reservation: Reservation } | { readonly ok: false };
  /** Books units header × unit price; where either is missing or unusable, the reserved amount stays booked. */
  settle(
    reservation: Reservation,
    unitsHeader: string | undefined,
    unitPrice: NanoUsd | undefined,
  ): { readonly cost: NanoUsd; readonly source: SpendBooked['source'] };
  /** Gives the reservation back: the run provably cost nothing. */
  release(reservation: Reservation): void;
}

/** Remembers what is at fal, so that a killed exporter can cancel it after its restart. */
export interface InFlightLog {
  add(request: { readonly probe: string; readonly endpointId: string; readonly requestId: string }): void;
  remove(requestId: string): void;
}

export interface ProbeRunnerOptions<Reservation> {
  readonly clock: Clock;
  readonly emit: EventSink;
  readonly slots: Slots;
  readonly spend: SpendGuard<Reservation>;
  readonly prices: PriceBook;
  readonly inFlight: InFlightLog;
  /** Told of defects of ours and of a state file that refuses writes. */
  readonly onTrouble: (message: string, error: unknown) => void;
}

/**
 * Runs probes within the rules that no setting turns off: no paid run without its worst case reserved on
 * disk, never the last free slot. Emits what happened; never rejects.
 */
export class ProbeRunner<Reservation> {
  readonly #options: ProbeRunnerOptions<Reservation>;
  /** Cost of the last paid run of an endpoint: the best guess for the next. */
  readonly #lastCost = new Map<string, NanoUsd>();

  constructor(options: ProbeRunnerOptions<Reservation>) {
    this.#options = options;
  }

  readonly run = async (probe: Probe, signal: AbortSignal): Promise<ProbeRunFinished | SkipReason> => {
    if (!isPaid(probe)) return this.#execute(probe, signal).then(({ finished }) => finished);
    if (!this.#options.slots.tryTake()) return this.#skip(probe, 'slots');
    try {
      const reservation = this.#reserve(probe);
      if (reservation === undefined) return this.#skip(probe, 'budget');
      const result = await this.#execute(probe, signal);
      this.#settle(probe, reservation, result.billing);
      return result.finished;
    } finally {
      this.#options.slots.giveBack();
    }
  };

  #skip(probe: Probe, reason: SkipReason): SkipReason {
    const { emit, clock } = this.#options;
    emit({ kind: 'probe_run_skipped', at: clock.now(), probe: probe.name, reason });
    return reason;
  }

  /** A reservation that cannot be written is a refusal: what is not on disk would be spent twice after a crash. */
  #reserve(probe: Probe): Reservation | undefined {
    const endpointId = probe.endpointId ?? '';
    try {
      const estimatedCost = this.#options.prices.priceOf(endpointId) && this.#lastCost.get(endpointId);
      const answer = this.#options.spend.reserve({ probe: probe.name, endpointId, estimatedCost });
      return answer.ok ? answer.reservation : undefined;
    } catch (error) {
      this.#options.onTrouble(
        `probe ${probe.name} does not run: its cost could not be reserved in the state file`,
        error,
      );
      return undefined;
    }
  }

  #settle(probe: Probe, reservation: Reservation, billing: RunBilling): void {
    const { spend, prices, emit, clock, onTrouble } = this.#options;
    try {
      if (billing.kind === 'none') {
        spend.release(reservation);
        return;
      }
      const header = billing.kind === 'units' ? billing.header : undefined;
      const booked = spend.settle(reservation, header, prices.priceOf(probe.endpointId)?.price);
      if (booked.source === 'units') this.#lastCost.set(probe.endpointId ?? '', booked.cost);
      emit({
        kind: 'spend_booked',
        at: clock.now(),
        probe: probe.name,
        cost: booked.cost,
        source: booked.source,
      });
    } catch (error) {
      onTrouble(
        `the cost of probe ${probe.name} stays booked at its worst case: the state file refused it`,
        error,
      );
    }
  }

  async #execute(probe: Probe, signal: AbortSignal): Promise<ProbeRunResult> {
    const { emit, clock } = this.#options;
    emit({ kind: 'probe_run_started', at: clock.now(), probe: probe.name });
    const startedAt = clock.monotonic();
    const result = await this.#runSafely(probe, signal, startedAt);
    emit(result.finished);
    return result;
  }

  async #runSafely(probe: Probe, signal: AbortSignal, startedAt: number): Promise<ProbeRunResult> {
    const { emit, inFlight, onTrouble } = this.#options;
    let inFlightId: string | undefined;
    try {
      const onSubmitted = (requestId: string): void => {
        inFlightId = requestId;
        inFlight.add({ probe: probe.name, endpointId: probe.endpointId ?? '', requestId });
      };
      return await probe.run({ signal, emit, onSubmitted });
    } catch (error) {
      onTrouble(`probe ${probe.name} failed by a defect of the exporter`, error);
      return { finished: this.#defect(probe, startedAt), billing: { kind: 'unknown' } };
    } finally {
      if (inFlightId !== undefined) this.#forget(inFlightId);
    }
  }

  #forget(requestId: string): void {
    try {
      this.#options.inFlight.remove(requestId);
    } catch (error) {
      this.#options.onTrouble('a finished request could not be removed from the state file', error);
    }
  }

  #defect(probe: Probe, startedAt: number): ProbeRunFinished {
    const { clock } = this.#options;
    return {
      ...{ kind: 'probe_run_finished', at: clock.now(), probe: probe.name, tier: probe.tier },
      ...{ endpointId: probe.endpointId, outcome: 'error', attempts: 0, platformRetries: 0, steps: [] },
      durationSeconds: Math.max(0, clock.monotonic() - startedAt) / 1000,
      error: { type: '_OTHER', fault: 'unknown', text: 'the exporter itself failed; see its log' },
    };
  }
}
