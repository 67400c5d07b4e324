import { FAKE_API_KEY, type Simulator, VirtualClock, createSimulator } from 'fal-simulator';
import type { DomainEvent } from '../domain/events.ts';
import type { FalAccess } from '../fal/client.ts';
import type { Collected, Collector } from './collector.ts';

export const FLUX = 'fal-ai/flux/dev';
export const SCHNELL = 'fal-ai/flux/schnell';
export const EVERY_MINUTE = { enabled: true, intervalMs: 60_000, callsPerHour: 1000 };

/** Answers in place of the simulator; undefined lets a call pass. */
export type Answer = (url: URL) => Response | undefined;

/** A simulated fal, and a way to read it with a collector: every call and every event is kept. */
export class TestFal {
  readonly clock = new VirtualClock();
  readonly simulator: Simulator;
  readonly access: FalAccess;
  readonly events: DomainEvent[] = [];
  readonly asked: URL[] = [];
  readonly headers: Headers[] = [];
  answer: Answer = () => undefined;
  /** Calls that are allowed from now on. */
  calls = Infinity;

  constructor(scenario = 'healthy') {
    const { clock } = this;
    this.simulator = createSimulator({ clock, seed: 7, scenario });
    this.access = {
      clock,
      falKey: () => FAKE_API_KEY,
      fetch: (input, init) => {
        const url = new URL(input instanceof Request ? input.url : input);
        this.asked.push(url);
        this.headers.push(new Headers(init?.headers));
        const answer = this.answer(url);
        return answer === undefined ? this.simulator.fetch(url, init) : Promise.resolve(answer);
      },
    };
  }

  /** One reading; rejects like the collector. Time stands still unless the simulator makes it wait. */
  collect(collector: Collector): Promise<Collected | void> {
    const spendCall = (): void => {
      this.calls -= 1;
      if (this.calls < 0) throw new Error('no calls left');
    };
    const emit = (event: DomainEvent): void => void this.events.push(event);
    return this.settle(collector.collect({ signal: new AbortController().signal, emit, spendCall }));
  }

  /** Sends requests to the model itself, one after the other, and waits for each. */
  async run(endpointId: string, times = 1): Promise<void> {
    for (let sent = 0; sent < times; sent += 1)
      await this.settle(this.submit(`https://fal.run/${endpointId}`));
  }

  /** Queues a request. */
  async enqueue(endpointId: string): Promise<void> {
    await this.settle(this.submit(`https://queue.fal.run/${endpointId}`));
  }

  /** What was told since `forget`, by kind. */
  told<K extends DomainEvent['kind']>(kind: K): readonly Extract<DomainEvent, { readonly kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<DomainEvent, { readonly kind: K }> => event.kind === kind,
    );
  }

  forget(): void {
    this.events.length = 0;
    this.asked.length = 0;
  }

  async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const note = (): void => void (isSettled = true);
    promise.then(note, note);
    await this.clock.advance(0);
    for (let step = 0; step < 10_000 && !isSettled; step += 1) await this.clock.advance(step < 50 ? 0 : 100);
    return promise;
  }

  submit(url: string): Promise<Response> {
    const headers = { authorization: `Key ${FAKE_API_KEY}` };
    return this.simulator.fetch(url, { method: 'POST', headers, body: '{"prompt":"a lighthouse"}' });
  }
}

/** An answer of the Platform API; text goes out as it is. */
export function platformAnswer(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } });
}

export function notFound(): Response {
  return platformAnswer(404, { error: { type: 'not_found', message: 'No such endpoint' } });
}

/** The ids that a call asks about. */
export function idsOf(url: URL): readonly string[] {
  return url.searchParams.getAll('endpoint_id');
}
