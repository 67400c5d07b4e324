import { createSimulator } from './create-simulator.ts';
import { FAKE_API_KEY, defaultWorld } from './default-world.ts';
import type { Simulator, SimulatorOptions } from './simulator.ts';
import { VirtualClock } from './virtual-clock.ts';
import type { Account, Endpoint, World } from './world.ts';

/** The one image model of `steadyWorld`. */
export const IMAGE_MODEL = 'fal-ai/flux/dev';
/** The slow model of `steadyWorld`; it works on after a cancel. */
export const VIDEO_MODEL = 'fal-ai/kling-video/v2/standard/text-to-video';

/** The default world without chance: two seconds of inference, ten of cold start, nobody else in the queue. */
export function steadyWorld(
  endpoint: Partial<Endpoint> = {},
  account: Partial<Omit<Account, 'name'>> = {},
): World {
  const world = defaultWorld();
  for (const known of world.endpoints.values()) {
    Object.assign(known, { foreignQueue: 0, coldStart: { medianMs: 10_000, sigma: 0 } });
    known.inference = { medianMs: known.id === VIDEO_MODEL ? 45_000 : 2000, sigma: 0 };
    Object.assign(known, endpoint);
  }
  for (const known of world.accounts.values()) Object.assign(known, account);
  return world;
}

/** What came back, read to the end. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A simulator on a virtual clock with short ways to talk to it. */
export interface FalUnderTest {
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly call: (method: string, url: string, init?: CallInit) => Promise<Seen>;
  /** Submits a prompt and gives the request id back. */
  readonly submit: (endpointId?: string, init?: CallInit) => Promise<string>;
  readonly status: (requestId: string, endpointId?: string) => Promise<Seen>;
  readonly result: (requestId: string, endpointId?: string) => Promise<Seen>;
  readonly cancel: (requestId: string, endpointId?: string) => Promise<Seen>;
}

export interface CallInit {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string | null;
  readonly signal?: AbortSignal;
}

/** Builds the simulator for one test; the world is steady unless given. */
export function falUnderTest(options: SimulatorOptions = {}): FalUnderTest {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, world: steadyWorld(), onDefect: rethrowLater, ...options });
  const call: FalUnderTest['call'] = async (method, url, init = {}) => {
    const { body, headers = {}, key = FAKE_API_KEY, signal } = init;
    const response = await simulator.fetch(url, {
      method,
      headers: { ...(key === null ? {} : { authorization: `Key ${key}` }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json' && text !== '';
    const parsed = isJson ? (JSON.parse(text) as Record<string, unknown>) : { text };
    return { status: response.status, headers: response.headers, body: parsed };
  };
  const job = (endpointId: string, requestId: string, rest: string): string =>
    `https://queue.fal.run/${endpointId.split('/').slice(0, 2).join('/')}/requests/${requestId}${rest}`;
  return {
    simulator,
    clock,
    call,
    submit: async (endpointId = IMAGE_MODEL, init = {}) => {
      const sent = await call('POST', `https://queue.fal.run/${endpointId}`, {
        body: { prompt: 'a lighthouse' },
        ...init,
      });
      return String(sent.body.request_id);
    },
    status: (requestId, endpointId = IMAGE_MODEL) => call('GET', job(endpointId, requestId, '/status')),
    result: (requestId, endpointId = IMAGE_MODEL) => call('GET', job(endpointId, requestId, '')),
    cancel: (requestId, endpointId = IMAGE_MODEL) => call('PUT', job(endpointId, requestId, '/cancel')),
  };
}

/** Reads a body chunk by chunk. */
export function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (response.body === null) throw new Error('the response has no body');
  return (response.body as ReadableStream<Uint8Array>).getReader();
}

/** A defect of the simulator must fail the test that met it, not hide behind a 500. */
function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
