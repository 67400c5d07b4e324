import { describe, expect, it, vi } from 'vitest';
import { type Observed, ENDPOINT, endings, observed } from './test-client.ts';
import { connect } from './realtime-call.ts';
import type { Method } from './patch.ts';

interface Handler {
  readonly onResult?: ((result: unknown) => unknown) | undefined;
  readonly onError?: ((error: unknown) => unknown) | undefined;
  readonly [option: string]: unknown;
}

interface Connection {
  send(input: unknown): unknown;
  close(): unknown;
}

interface Wired extends Observed {
  /** As the client does it: reads the handler once, calls its functions without `this`. */
  readonly client: {
    connect: (this: unknown, app: unknown, handler?: Handler, ...more: unknown[]) => Connection;
  };
  readonly connects: { app: unknown; more: unknown[]; self: unknown }[];
  readonly sent: unknown[];
  readonly deliver: (result: unknown) => unknown;
  readonly break: (status: number) => unknown;
}

function wire(around: Parameters<typeof observed>[1] = {}): Wired {
  const made = observed({}, around);
  const sent: unknown[] = [];
  const connects: Wired['connects'] = [];
  let callbacks: Pick<Handler, 'onResult' | 'onError'> = {};
  function original(this: unknown, app: unknown, handler: Handler, ...more: unknown[]): Connection {
    if (app === 'bad') throw new Error('Invalid app id');
    connects.push({ app, more, self: this });
    const { onResult, onError } = handler;
    callbacks = { onResult, onError };
    return { send: (input) => sent.push(input), close: () => 'closed' };
  }
  const client = { connect: connect(made.telemetry)(original) as Wired['client']['connect'] };
  return {
    ...made,
    client,
    connects,
    sent,
    deliver: (result) => {
      const { onResult } = callbacks;
      return onResult?.(result);
    },
    break: (status) => {
      const { onError } = callbacks;
      return onError?.(Object.assign(new Error('closed'), { name: 'ApiError', status }));
    },
  };
}

async function messages({ recorder }: Observed): Promise<Record<string, number>> {
  return (await recorder.collect()).by('fal.client.realtime_messages', 'direction');
}

describe('a realtime session', () => {
  it('begins with the first message and ends when the app closes it, without a duration', async () => {
    const wired = wire();
    const connection = wired.client.connect(ENDPOINT, { onResult: vi.fn() });
    expect(await endings(wired.recorder)).toEqual({});
    connection.send({ prompt: 'a' });
    connection.send({ prompt: 'b' });
    wired.deliver({ images: [] });
    connection.close();
    connection.close();
    expect(await endings(wired.recorder)).toEqual({ 'realtime ok': 1 });
    expect(await messages(wired)).toEqual({ sent: 2, received: 1 });
    const reading = await wired.recorder.collect();
    expect(reading.sum('fal.client.realtime_connections')).toBe(1);
    expect(reading.count('fal.client.request.duration.seconds')).toBe(0);
    expect(wired.recorder.openSpans).toBe(0);
  });

  it('that is used again after its end is a new one', async () => {
    const wired = wire();
    const connection = wired.client.connect(ENDPOINT, { onResult: vi.fn() });
    connection.send(1);
    connection.close();
    connection.send(2);
    wired.break(1006);
    expect(await endings(wired.recorder)).toEqual({ 'realtime ok': 1, 'realtime error': 1 });
  });

  it('is judged by its own results, not by those of the session before', async () => {
    const wired = wire();
    const connection = wired.client.connect(ENDPOINT, { onResult: vi.fn() });
    connection.send(1);
    wired.deliver({});
    connection.close();
    connection.send(2);
    wired.break(400);
    connection.close();
    expect(await endings(wired.recorder)).toEqual({ 'realtime ok': 1, 'realtime error': 1 });
  });

  it('fails by the code that the server closes with', async () => {
    const wired = wire();
    const onError = vi.fn();
    wired.client.connect(ENDPOINT, { onResult: vi.fn(), onError }).send(1);
    wired.break(1011);
    expect((await wired.recorder.collect()).by('fal.client.errors', 'error_type')).toEqual({
      network_error: 1,
    });
    expect(wired.recorder.spans[0]?.attributes).toMatchObject({ 'fal.network_code': 'WS_1011' });
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('fails by an error frame only when it brought nothing and the app gives up', async () => {
    const empty = wire();
    const closing = empty.client.connect(ENDPOINT, { onResult: vi.fn() });
    closing.send(1);
    empty.break(400);
    closing.close();
    expect(await endings(empty.recorder)).toEqual({ 'realtime error': 1 });
    const useful = wire();
    const going = useful.client.connect(ENDPOINT, { onResult: vi.fn() });
    going.send(1);
    useful.break(400);
    useful.deliver({});
    going.close();
    expect(await endings(useful.recorder)).toEqual({ 'realtime ok': 1 });
  });

  it('that the app forgets is not held by the desk for ever', () => {
    const wired = wire();
    const begin = vi.spyOn(wired.telemetry.desk, 'begin');
    wired.client.connect(ENDPOINT, { onResult: vi.fn() }).send(1);
    // Without watchers the desk lets go of it after a minute.
    expect(begin.mock.results.map(({ value }) => (value as { watchers: number }).watchers)).toEqual([0]);
  });
});

describe('the handler that the client gets', () => {
  it('reads like the one of the app, and calls it as the client would', () => {
    const wired = wire();
    const handler = {
      connectionKey: 'k',
      onResult(this: unknown, ...args: unknown[]): unknown {
        return [this, ...args];
      },
    };
    wired.client.connect(ENDPOINT, handler);
    expect(wired.deliver(7)).toEqual([undefined, 7]);
  });

  it('calls the function that was there when the app connected', () => {
    const wired = wire();
    const first = vi.fn();
    const handler: Record<string, unknown> = { onResult: first };
    wired.client.connect(ENDPOINT, handler);
    handler.onResult = vi.fn();
    wired.deliver(1);
    expect(first).toHaveBeenCalledTimes(1);
  });

  it('lets what the app throws pass', () => {
    const wired = wire();
    const error = new Error('of the app');
    wired.client.connect(ENDPOINT, {
      onResult: () => {
        throw error;
      },
    });
    expect(() => wired.deliver(1)).toThrow(error);
  });

  it('does without an onError of the app', () => {
    const wired = wire();
    wired.client.connect(ENDPOINT, { onResult: vi.fn() });
    expect(() => wired.break(1006)).not.toThrow();
  });
});

describe('connecting', () => {
  it('throws at once what the client throws at once', () => {
    const wired = wire();
    expect(() => wired.client.connect('bad', { onResult: vi.fn() })).toThrow('Invalid app id');
    expect(() => wired.client.connect(ENDPOINT)).toThrow(TypeError);
  });

  it('keeps `this` and further arguments, names and lengths', () => {
    const wired = wire();
    const connection = wired.client.connect(ENDPOINT, { onResult: vi.fn() }, 'more');
    expect(wired.connects).toEqual([{ app: ENDPOINT, more: ['more'], self: wired.client }]);
    expect([connection.send.name, connection.send.length]).toEqual(['send', 1]);
    expect(connection.send('x')).toBe(1);
    expect(connection.close()).toBe('closed');
  });

  it('leaves the shared connection that does nothing as it is', () => {
    const { telemetry } = observed();
    const noop = (): void => undefined;
    const nothing = { send: noop, close: noop };
    const original = (): typeof nothing => nothing;
    connect(telemetry)(original as unknown as Method).call(
      undefined,
      ...([ENDPOINT, { onResult: vi.fn() }] as never[]),
    );
    expect(nothing.send).toBe(noop);
  });

  it('is left alone while the instrumentation is switched off', async () => {
    const wired = wire({ isEnabled: () => false });
    wired.client.connect(ENDPOINT, { onResult: vi.fn() }).send(1);
    expect(await messages(wired)).toEqual({});
  });
});
