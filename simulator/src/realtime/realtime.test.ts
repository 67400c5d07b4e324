import { createFalClient } from '@fal-ai/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SocketCloseEvent } from '../adapters/web-socket-events.ts';
import { webSocketThrough } from '../adapters/web-socket-through.ts';
import type { WebSocketClass } from '../adapters/web-socket.ts';
import { DEFAULT_ACCOUNT, FAKE_API_KEY } from '../default-world.ts';
import { type FalUnderTest, IMAGE_MODEL, VIDEO_MODEL, falUnderTest } from '../fal-under-test.ts';
import type { Connection } from '../ledger.ts';

const PROMPT = { prompt: 'a lighthouse' };

/** The two roads to the simulated realtime API. */
const ROADS = ['in the process', 'through a port'] as const;

/** What the client told its caller, and with which codes its sockets were closed. */
interface Told {
  readonly results: Record<string, unknown>[];
  readonly errors: { readonly status: number; readonly message: string }[];
  readonly closes: number[];
}

interface Realtime extends FalUnderTest, Told {
  /** Connects with the real client; the socket opens at the first message. */
  readonly connect: (options?: { maxBuffering?: number; tokenProvider?: () => Promise<string> }) => {
    send: (input: Record<string, unknown>) => void;
    close: () => void;
  };
  /** Lets sockets and promises do their work until the condition holds. No clock is involved. */
  readonly until: (condition: () => boolean) => Promise<void>;
}

/** A simulator and the real client with a WebSocket that reaches it by the given road. */
async function realtimeUnderTest(road: (typeof ROADS)[number]): Promise<Realtime> {
  const under = falUnderTest();
  const { simulator } = under;
  const isInProcess = road === 'in the process';
  const told: Told = { results: [], errors: [], closes: [] };
  const roadClass: WebSocketClass = isInProcess
    ? simulator.WebSocket
    : (webSocketThrough((await simulator.listen()).url) as unknown as WebSocketClass);
  vi.stubGlobal('WebSocket', watched(roadClass, told.closes));
  const fal = createFalClient({ credentials: FAKE_API_KEY, fetch: simulator.fetch });
  const tokenProvider = async (): Promise<string> => {
    const body = { allowed_apps: [IMAGE_MODEL], duration: 120 };
    return String((await under.call('POST', 'https://rest.fal.ai/tokens/realtime', { body })).body.token);
  };
  return {
    ...under,
    ...told,
    connect: (options = {}) =>
      fal.realtime.connect<Record<string, unknown>, Record<string, unknown>>(IMAGE_MODEL, {
        throttleInterval: 0,
        tokenProvider,
        onResult: (result) => void told.results.push(result),
        onError: ({ status, message }) => void told.errors.push({ status, message }),
        ...options,
      }),
    until: async (condition) => {
      for (let turn = 0; turn < 100_000 && !condition(); turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (!condition()) throw new Error('it did not come to that');
    },
  };
}

/** The class, with every close code written down after the client has heard of it. */
function watched(Base: WebSocketClass, closes: number[]): WebSocketClass {
  return class extends Base {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener('close', (event) => void closes.push((event as SocketCloseEvent).code));
    }
  };
}

describe.each(ROADS)('the real client over a WebSocket %s', (road) => {
  let fal: Realtime;
  beforeEach(async () => {
    fal = await realtimeUnderTest(road);
  });
  afterEach(() => {
    fal.simulator.close();
    vi.unstubAllGlobals();
  });

  const jobs = (): Realtime['simulator']['ledger']['jobs'] => fal.simulator.ledger.jobs;
  const connection = (): Connection | undefined => fal.simulator.ledger.connections.at(-1);
  const isClosed = (): boolean => connection()?.closedAt !== undefined;

  test('each message is answered after the inference, billed, and in the ledger', async () => {
    const socket = fal.connect();
    socket.send({ ...PROMPT, seed: 7, request_id: 'mine' });
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(1999);
    expect(fal.results).toEqual([]);
    await fal.clock.advance(1);
    await fal.until(() => fal.results.length === 1);
    expect(fal.results).toMatchObject([
      { images: [{ width: 1024 }], timings: { inference: 2 }, seed: 7, request_id: 'mine' },
    ]);
    socket.send(PROMPT);
    await fal.until(() => jobs().length === 2);
    await fal.clock.advance(2000);
    await fal.until(() => fal.results.length === 2);
    expect(fal.simulator.world.accounts.get(DEFAULT_ACCOUNT)?.balanceNano).toBe(100e9 - 2 * 20_000_000);
    const { connectionId } = connection() ?? {};
    expect(jobs()).toMatchObject([
      { mode: 'realtime', connectionId, outcome: 'ok', billableUnits: 1, chargedNano: 20_000_000 },
      { mode: 'realtime', connectionId, outcome: 'ok' },
    ]);
    expect(connection()).toMatchObject({
      endpointId: IMAGE_MODEL,
      account: DEFAULT_ACCOUNT,
      received: 2,
      sent: 4,
      results: 2,
    });
    expect(fal.errors).toEqual([]);
    expect(fal.simulator.ledger.exchanges.at(-1)).toMatchObject({
      method: 'GET',
      host: 'fal.run',
      path: `/${IMAGE_MODEL}/realtime`,
      answer: 101,
      requestId: connectionId,
    });
  });

  test('closing cancels the run, frees the slot, and the client reports its own close as an error 1005', async () => {
    for (const account of fal.simulator.world.accounts.values()) account.concurrencyLimit = 1;
    const socket = fal.connect();
    socket.send(PROMPT);
    await fal.until(() => jobs().length === 1);
    expect((await fal.call('POST', `https://fal.run/${IMAGE_MODEL}`, { body: PROMPT })).status).toBe(429);
    socket.close();
    await fal.until(() => isClosed() && fal.errors.length === 1);
    expect(connection()).toMatchObject({ closeCode: 1005, endedBy: 'caller', results: 0 });
    expect(jobs()).toMatchObject([
      { outcome: 'cancelled', errorType: 'client_disconnected', chargedNano: 0 },
    ]);
    expect(fal.errors).toMatchObject([{ status: 1005 }]);
    const next = fal.call('POST', `https://fal.run/${IMAGE_MODEL}`, { body: PROMPT });
    await fal.clock.advance(2000);
    expect((await next).status).toBe(200);
  });

  test('without input the connection ends with TIMEOUT, which the client keeps to itself', async () => {
    const socket = fal.connect();
    socket.send(PROMPT);
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(2000);
    await fal.until(() => fal.results.length === 1);
    await fal.clock.advance(27_999);
    expect(isClosed()).toBe(false);
    await fal.clock.advance(1);
    await fal.until(() => fal.closes.length === 1);
    expect(fal.closes).toEqual([1000]);
    expect(connection()).toMatchObject({ closeCode: 1000, endedBy: 'idle', sent: 3 });
    socket.send(PROMPT);
    await fal.until(() => fal.simulator.ledger.connections.length === 2 && jobs().length === 2);
    expect(fal.errors).toEqual([]);
  });

  test('each input puts the TIMEOUT off', async () => {
    const socket = fal.connect();
    for (let count = 1; count <= 3; count += 1) {
      socket.send(PROMPT);
      await fal.until(() => jobs().length === count);
      await fal.clock.advance(20_000);
      await fal.until(() => fal.results.length === count);
    }
    expect(isClosed()).toBe(false);
    await fal.clock.advance(10_000);
    await fal.until(isClosed);
  });

  test('a connection takes one slot, whether a message runs or not', async () => {
    setLimit(fal, 2);
    fal.connect().send(PROMPT);
    await fal.until(() => jobs().length === 1);
    const run = fal.call('POST', `https://fal.run/${IMAGE_MODEL}`, { body: PROMPT });
    await fal.clock.advance(2000);
    expect((await run).status).toBe(200);
    await fal.until(() => fal.results.length === 1);
    setLimit(fal, 1);
    expect((await fal.call('POST', `https://fal.run/${IMAGE_MODEL}`, { body: PROMPT })).status).toBe(429);
  });

  test.each(['0', '61', 'many'])('max_buffering=%s is refused', async (count) => {
    const token = await tokenOf(fal, { allowed_apps: ['flux'], duration: 120 });
    const url = `wss://fal.run/${IMAGE_MODEL}/realtime?fal_jwt_token=${token}&max_buffering=${count}`;
    await new Promise((resolve) => (new WebSocket(url).onclose = resolve));
    expect(fal.simulator.ledger.exchanges.at(-1)).toMatchObject({ host: 'fal.run', answer: 400 });
  });

  test('a scenario for one model leaves the sockets of the others alone', async () => {
    fal.simulator.applyScenario('realtime-refused', { endpointId: 'fal-ai/fast-sdxl' });
    fal.connect().send(PROMPT);
    await fal.until(() => jobs().length === 1);
    fal.simulator.applyScenario('realtime-refused', { endpointId: IMAGE_MODEL });
    fal.connect().send(PROMPT);
    await fal.until(() => fal.errors.length === 2);
    expect(jobs()).toHaveLength(1);
  });

  test('a run that outlasts the session timeout twice over ends the connection', async () => {
    for (const endpoint of fal.simulator.world.endpoints.values()) endpoint.inference.medianMs = 70_000;
    fal.connect().send(PROMPT);
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(60_000);
    await fal.until(() => isClosed() && fal.errors.length === 1);
    expect(connection()).toMatchObject({ endedBy: 'error' });
    expect(fal.errors).toMatchObject([{ status: 400, message: 'INTERNAL_ERROR: ' }]);
    expect(jobs()).toMatchObject([{ outcome: 'cancelled' }]);
  });

  test.each([
    ['a field is missing', {}, /^INTERNAL_ERROR: prompt: /],
    ['a field has the wrong type', { prompt: 7 }, /^INTERNAL_ERROR: prompt: /],
  ])('bad input, because %s, is told and ends the connection without a job', async (_why, input, message) => {
    fal.connect().send(input);
    await fal.until(() => isClosed() && fal.errors.length === 1);
    expect(fal.errors).toMatchObject([{ status: 400, message: expect.stringMatching(message) as string }]);
    expect(connection()).toMatchObject({ received: 1, refused: 1, endedBy: 'error', closeCode: 1000 });
    expect(jobs()).toEqual([]);
  });

  test('a run that fails is told and ends the connection, and the ledger knows why', async () => {
    fal.simulator.engine.failNext({ errorType: 'runner_server_error' });
    fal.connect().send(PROMPT);
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(2000);
    await fal.until(() => isClosed() && fal.errors.length === 1);
    expect(fal.errors).toMatchObject([{ status: 400 }]);
    expect(fal.errors[0]?.message).toMatch(/^INTERNAL_ERROR: ./);
    expect(jobs()).toMatchObject([{ outcome: 'error', errorType: 'runner_server_error', chargedNano: 0 }]);
  });

  test('a full buffer loses its oldest inputs', async () => {
    const socket = fal.connect({ maxBuffering: 2 });
    for (let seed = 1; seed <= 6; seed += 1) {
      socket.send({ ...PROMPT, seed });
      if (seed === 1) await fal.until(() => jobs().length === 1);
    }
    await fal.until(() => connection()?.received === 6);
    for (let count = 1; count <= 3; count += 1) {
      await fal.clock.advance(2000);
      await fal.until(() => fal.results.length === count);
    }
    expect(fal.results.map(({ seed }) => seed)).toEqual([1, 5, 6]);
    expect(connection()).toMatchObject({ dropped: 3, results: 3 });
  });

  test.each([
    ['that is none', () => Promise.resolve('nonsense')],
    ['for another app', () => tokenOf(fal, { allowed_apps: ['fal-ai/fast-sdxl'], duration: 120 })],
    [
      'whose key was revoked',
      async () => {
        const token = await tokenOf(fal, { allowed_apps: [IMAGE_MODEL], duration: 120 });
        fal.simulator.engine.revokeKey('simulated-key-id');
        return token;
      },
    ],
    [
      'that is too old',
      async () => {
        const token = await tokenOf(fal, { allowed_apps: [IMAGE_MODEL], duration: 1 });
        await fal.clock.advance(1000);
        return token;
      },
    ],
  ])('a token %s is unauthorized, and the client asks for a new one', async (_what, makeToken) => {
    const tokenProvider = vi.fn(makeToken);
    const socket = fal.connect({ tokenProvider });
    socket.send(PROMPT);
    await fal.until(() => isClosed() && fal.errors.length === 1);
    expect(connection()).toMatchObject({ endedBy: 'unauthorized', closeCode: 1008, received: 0, sent: 1 });
    expect(connection()?.account).toBeUndefined();
    expect(jobs()).toEqual([]);
    socket.send(PROMPT);
    await fal.until(() => fal.closes.length === 2);
    expect(tokenProvider).toHaveBeenCalledTimes(2);
  });

  test('the default token of the client names the alias of the app and lets it in', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const client = createFalClient({ credentials: FAKE_API_KEY, fetch: fal.simulator.fetch });
    const results: unknown[] = [];
    const onResult = (result: unknown): void => void results.push(result);
    client.realtime.connect(IMAGE_MODEL, { onResult, onError: () => undefined }).send(PROMPT);
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(2000);
    await fal.until(() => results.length === 1);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  test.each([
    ['the account is locked', () => fal.simulator.applyScenario('locked-admin'), 403],
    ['no slot is free', () => setLimit(fal, 0), 429],
    ['fal is down', () => fal.simulator.applyScenario('outage'), 503],
    ['the load balancer is broken', () => fal.simulator.applyScenario('ingress-html-502'), 502],
    ['the host is down', () => fal.simulator.applyScenario('host-down-run'), 'reset'],
    ['the scenario refuses handshakes', () => fal.simulator.applyScenario('realtime-refused'), 503],
  ])('when %s the handshake fails, and the client cannot tell why', async (_why, arrange, answer) => {
    const token = await tokenOf(fal, { allowed_apps: [IMAGE_MODEL], duration: 120 });
    arrange();
    fal.connect({ tokenProvider: () => Promise.resolve(token) }).send(PROMPT);
    await fal.until(() => fal.errors.length === 2);
    expect(fal.errors).toMatchObject([{ status: 500, message: 'Unknown error' }, { status: 1006 }]);
    expect(fal.simulator.ledger.exchanges.at(-1)).toMatchObject({ host: 'fal.run', answer });
    expect(fal.simulator.ledger.connections).toEqual([]);
  });

  test('a model without realtime has no such path', async () => {
    const url = `wss://fal.run/${VIDEO_MODEL}/realtime`;
    const closed = new Promise((resolve) => (new WebSocket(url).onclose = ({ code }) => resolve(code)));
    expect(await closed).toBe(fal.simulator.ledger.connections.length === 0 ? 1006 : 1008);
  });

  test.each([
    ['realtime-cut', [500, 1006], { endedBy: 'wire', closeCode: 1006 }],
    ['realtime-server-error', [1011], { endedBy: 'wire', closeCode: 1011 }],
    ['realtime-garbage', [400], {}],
    ['realtime-silent', [], {}],
  ])('%s loses an output that was made and billed', async (scenario, statuses, record) => {
    fal.simulator.applyScenario(scenario);
    fal.connect().send(PROMPT);
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(2000);
    await fal.until(() => fal.errors.length >= statuses.length && connection()?.results === 1);
    expect(fal.errors.map(({ status }) => status)).toEqual(statuses);
    expect(fal.results).toEqual([]);
    expect(jobs()).toMatchObject([{ outcome: 'ok', chargedNano: 20_000_000 }]);
    await fal.until(() => isClosed() === 'closeCode' in record);
    expect(connection()).toMatchObject(record);
  });

  test('after a garbage message the next output is well', async () => {
    fal.simulator.applyScenario('realtime-garbage');
    const socket = fal.connect();
    for (let count = 1; count <= 2; count += 1) {
      socket.send(PROMPT);
      await fal.until(() => jobs().length === count);
      await fal.clock.advance(2000);
      await fal.until(() => fal.results.length + fal.errors.length === count);
    }
    expect(fal.results).toHaveLength(1);
  });

  test.each([
    ['null-body', 2],
    ['malformed-json', 2],
    ['empty-body', 2],
  ] as const)('%s spoils outputs and meta messages alike', async (fault, count) => {
    fal.simulator.engine.breakWire({ fault, steps: ['realtime'] });
    fal.connect().send(PROMPT);
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(2000);
    await fal.until(() => fal.errors.length === count);
    expect(fal.errors.every(({ status }) => status === 400)).toBe(true);
  });

  test('realtime-slow brings every message ten seconds late', async () => {
    fal.simulator.applyScenario('realtime-slow');
    fal.connect().send(PROMPT);
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(11_999);
    expect(fal.results).toEqual([]);
    await fal.clock.advance(1);
    await fal.until(() => fal.results.length === 1);
    await fal.clock.advance(30_000 + 10_000 - 12_000 - 1);
    expect(fal.closes).toEqual([]);
    await fal.clock.advance(1);
    await fal.until(() => fal.closes.length === 1);
  });

  test('a connection that is ended in good order before its first output is no error for the client', async () => {
    fal.simulator.engine.breakWire({ fault: 'early-end', steps: ['realtime'] });
    fal.connect().send(PROMPT);
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(2000);
    await fal.until(isClosed);
    expect(connection()).toMatchObject({ closeCode: 1000, endedBy: 'wire' });
    expect([fal.results, fal.errors]).toEqual([[], []]);
  });

  test('a handshake that is never answered leaves the client waiting', async () => {
    fal.simulator.applyScenario('hang');
    fal.connect().send(PROMPT);
    await fal.until(() => fal.simulator.ledger.exchanges.at(-1)?.answer === 'hang');
    await fal.clock.advance(3_600_000);
    expect([fal.results, fal.errors]).toEqual([[], []]);
  });

  test('the end of the simulator breaks open sockets', async () => {
    fal.connect().send(PROMPT);
    await fal.until(() => jobs().length === 1);
    fal.simulator.close();
    await fal.until(() => fal.errors.length === 2);
    expect(fal.errors.map(({ status }) => status)).toEqual([500, 1006]);
  });

  test('text messages are JSON and are answered in JSON', async () => {
    const token = await tokenOf(fal, { allowed_apps: ['flux'], duration: 120 });
    const socket = new WebSocket(`wss://fal.run/${IMAGE_MODEL}/realtime?fal_jwt_token=${token}`);
    const texts: string[] = [];
    socket.onmessage = ({ data }) => void texts.push(String(data));
    socket.onopen = () => socket.send(JSON.stringify(PROMPT));
    await fal.until(() => jobs().length === 1);
    await fal.clock.advance(2000);
    await fal.until(() => texts.length === 2);
    expect(texts.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      { images: [{ width: 1024 }] },
      { type: 'x-fal-message', action: 'timings', timing: 2 },
    ]);
  });
});

async function tokenOf(fal: Realtime, body: object): Promise<string> {
  return String((await fal.call('POST', 'https://rest.fal.ai/tokens/realtime', { body })).body.token);
}

function setLimit(fal: Realtime, limit: number): void {
  for (const account of fal.simulator.world.accounts.values()) account.concurrencyLimit = limit;
}
