import { createFalClient, fal } from '@fal-ai/client';
import { expect } from 'vitest';
import { patchModule, unpatchModule } from '../client/patch-module.ts';
import { type Reading, Recorder } from '../conformance/recorded.ts';
import { FalTelemetry } from '../telemetry.ts';
import { type Logical, type Outcome, Books, MODELS } from './test-books.ts';
import { PlayedFal, type Wish } from './test-fal.ts';

const MODULE = { createFalClient, fal };
/** Everything that only grows. */
const COUNTERS = [
  'requests',
  'errors',
  'attempts',
  'platform_retries',
  'duplicate_submits',
  'billable_units',
];
COUNTERS.push('cost.usd', 'wasted_cost.usd', 'unpriced_requests');

/** The app under test with everything around it: the client, the telemetry, fal, and the model's books. */
export class PlayedApp {
  readonly recorder = new Recorder();
  readonly log: string[] = [];
  readonly books = new Books(() => performance.now() / 1000);
  readonly fal = new PlayedFal(this.books);
  readonly telemetry: FalTelemetry;
  readonly #aborts: AbortController[] = [];
  readonly #inProgress = new Set<Promise<void>>();
  #calls = 0;
  #before: ReadonlyMap<string, number> = new Map();

  constructor() {
    const prices = Object.fromEntries(Object.entries(MODELS).map(([model, nano]) => [model, nano / 1e9]));
    const say = (message: string): void => void this.log.push(message);
    this.telemetry = new FalTelemetry(
      { prices },
      {
        meterProvider: () => this.recorder.meterProvider,
        tracerProvider: () => this.recorder.tracerProvider,
        env: {},
        log: { error: say, warn: say, info: say, debug: say, verbose: say },
      },
    );
    patchModule(this.telemetry, MODULE);
    this.configure();
  }

  configure(): void {
    fal.config({ credentials: 'key-id:key-secret', fetch: this.fal.fetch });
  }

  close(): void {
    unpatchModule(MODULE);
  }

  /** A new call's number, and the signal that aborts it. */
  newCall(): { readonly call: number; readonly signal: AbortSignal } {
    const abort = new AbortController();
    this.#aborts.push(abort);
    return { call: (this.#calls += 1), signal: abort.signal };
  }

  abort(which: number): void {
    const { length } = this.#aborts;
    if (length > 0) this.#aborts[which % length]?.abort();
  }

  abortAll(): void {
    for (const abort of this.#aborts) abort.abort();
  }

  jobId(which: number): string | undefined {
    const ids = [...this.fal.jobs.keys()];
    return ids[which % Math.max(ids.length, 1)];
  }

  get hasCallsInProgress(): boolean {
    return this.#inProgress.size > 0;
  }

  /** A call that spans its request, or begins it. */
  beginning(operation: string, model: string, wish: Pick<Wish, 'call'>, call: () => Promise<unknown>): void {
    const isAttached = operation !== 'submit';
    const logical = this.books.begin(operation, model, isAttached);
    this.fal.logicals.set(wish.call, logical);
    this.#watch(logical, call, (outcome) => {
      if (isAttached || outcome !== 'ok') this.books.end(logical, outcome);
    });
  }

  /** A call about a job. */
  about(
    jobId: string,
    call: (logical: Logical) => Promise<unknown>,
    end: (logical: Logical, outcome: Outcome, error: unknown) => void,
  ): void {
    const logical = this.books.askedAbout(jobId, this.fal.jobs.get(jobId)?.model ?? '');
    this.#watch(
      logical,
      () => call(logical),
      (outcome, error) => end(logical, outcome, error),
    );
  }

  #watch(
    logical: Logical,
    call: () => Promise<unknown>,
    end: (outcome: Outcome, error?: unknown) => void,
  ): void {
    logical.callsInProgress += 1;
    const over = (outcome: Outcome, error?: unknown): void => {
      logical.callsInProgress -= 1;
      end(outcome, error);
    };
    const progress = call()
      .then(
        () => over('ok'),
        (error: unknown) => over(outcomeOf(error), error),
      )
      .finally(() => this.#inProgress.delete(progress));
    this.#inProgress.add(progress);
  }

  /** Collects, and compares everything with the books. */
  async compare(): Promise<Reading> {
    // The first collection lets go of what nobody asks about, the second one shows it.
    await this.recorder.collect();
    this.books.sweep();
    const reading = await this.recorder.collect();
    expect(endingsIn(reading)).toEqual(this.books.endings());
    expect(reading.sum('fal.client.active_requests')).toBe(this.books.watched());
    expect(Math.round(reading.sum('fal.client.cost.usd') * 1e9)).toBe(this.books.costNano());
    expect(reading.sum('fal.client.attempts')).toBe(this.fal.exchanges);
    this.#compareWithBefore(reading);
    expect(this.log).toEqual([]);
    return reading;
  }

  #compareWithBefore(reading: Reading): void {
    const now = new Map<string, number>();
    for (const name of COUNTERS) {
      for (const { labels, value } of reading.all(`fal.client.${name}`))
        now.set(name + JSON.stringify(labels), value);
    }
    for (const [series, value] of this.#before) expect(now.get(series), series).toBeGreaterThanOrEqual(value);
    this.#before = now;
  }
}

function endingsIn(reading: Reading): Record<string, number> {
  const points = reading.of('fal.client.requests');
  return Object.fromEntries(
    points.map(({ labels: { endpoint_id: model, operation, outcome }, value }) => [
      `${model ?? ''} ${operation ?? ''} ${outcome ?? ''}`,
      value,
    ]),
  );
}

/** How a call ended for its caller, as the caller can tell. */
function outcomeOf(error: unknown): Outcome {
  const { name, message } = error as Error;
  if (name === 'AbortError') return 'cancelled';
  return message.startsWith('Client timed out') ? 'timeout' : 'error';
}
