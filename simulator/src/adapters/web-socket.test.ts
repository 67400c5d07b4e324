import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket as KeyedWebSocket } from 'ws';
import { FAKE_API_KEY } from '../default-world.ts';
import { type FalUnderTest, IMAGE_MODEL, falUnderTest } from '../fal-under-test.ts';
import type { SimulatorServer } from '../simulator.ts';
import { webSocketThrough } from './web-socket-through.ts';

const PATH = `${IMAGE_MODEL}/realtime`;
const INPUT = { prompt: 'a lighthouse' };

/** Lets sockets and promises do their work; no clock is involved. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

async function withServer<T>(act: (fal: FalUnderTest, server: SimulatorServer) => Promise<T>): Promise<T> {
  const fal = falUnderTest();
  const server = await fal.simulator.listen();
  try {
    return await act(fal, server);
  } finally {
    fal.simulator.close();
    await server.close();
  }
}

async function urlWithToken(fal: FalUnderTest): Promise<string> {
  const body = { allowed_apps: ['flux'], duration: 120 };
  const seen = await fal.call('POST', 'https://rest.fal.ai/tokens/realtime', { body });
  return `wss://fal.run/${PATH}?fal_jwt_token=${String(seen.body.token)}`;
}

/** What happens to a socket, told by somebody who acts on it when it is made and when it is open. */
interface Script {
  readonly atOnce?: (socket: WebSocket, told: string[]) => void;
  readonly onOpen?: (socket: WebSocket, told: string[], fal: FalUnderTest) => void;
}

/** The life of a socket in words: without a port, or of Node's own class through one. */
function lifeOf(road: 'ours' | 'theirs', { atOnce, onOpen }: Script): Promise<string[]> {
  return withServer(async (fal, server) => {
    const url = await urlWithToken(fal);
    const Class =
      road === 'ours'
        ? (fal.simulator.WebSocket as unknown as typeof WebSocket)
        : webSocketThrough(server.url);
    const socket = new Class(url);
    const told = [`made ${socket.readyState}`];
    const closed = new Promise<void>((resolve) => {
      socket.onclose = ({ code, reason, wasClean }) => {
        told.push(`close ${socket.readyState} ${code} "${reason}" ${wasClean ? 'clean' : 'not clean'}`);
        resolve();
      };
    });
    socket.onerror = () => void told.push(`error ${socket.readyState}`);
    socket.onmessage = ({ data }) => void told.push(`message ${(data as object).constructor.name}`);
    socket.onopen = () => {
      told.push(`open ${socket.readyState}`);
      onOpen?.(socket, told, fal);
    };
    atOnce?.(socket, told);
    await closed;
    return told;
  });
}

function attempt(told: string[], act: () => void): void {
  try {
    act();
    told.push('done');
  } catch (error) {
    told.push((error as Error).name);
  }
}

const LIVES: Record<string, Script> = {
  'closed by the caller without a code': { onOpen: (socket) => socket.close() },
  'closed by the caller with a code': { onOpen: (socket) => socket.close(3001, 'enough') },
  'closed twice': {
    onOpen: (socket) => {
      socket.close(1000, 'first');
      socket.close(1000, 'second');
    },
  },
  'closed with a code that is not allowed, then properly': {
    onOpen: (socket, told) => {
      attempt(told, () => socket.close(1006));
      socket.close(1000);
    },
  },
  'closed before it is open': { atOnce: (socket) => socket.close() },
  'sent to before it is open': {
    atOnce: (socket, told) => attempt(told, () => socket.send('too early')),
    onOpen: (socket) => socket.close(),
  },
  'sent to after its end': {
    onOpen: (socket, told) => {
      socket.close();
      attempt(told, () => socket.send('too late'));
    },
  },
  'sent garbage': { onOpen: (socket) => socket.send('no JSON') },
  'sent a blob': { onOpen: (socket) => socket.send(new Blob(['no MessagePack'])) },
  'sent more than the host takes': { onOpen: (socket) => socket.send(new Uint8Array(11 * 1024 * 1024)) },
  'broken by the simulator': { onOpen: (_socket, _told, fal) => fal.simulator.close() },
};

test.each(Object.keys(LIVES))('a socket that is %s has the life of Node’s own', async (name) => {
  const script = LIVES[name] ?? {};
  const theirs = await lifeOf('theirs', script);
  expect(theirs.length).toBeGreaterThan(2);
  expect(await lifeOf('ours', script)).toEqual(theirs);
});

test.each(['ours', 'theirs'] as const)('outputs are blobs, or array buffers on demand (%s)', async (road) => {
  await withServer(async (fal, server) => {
    const url = await urlWithToken(fal);
    const Class =
      road === 'ours'
        ? (fal.simulator.WebSocket as unknown as typeof WebSocket)
        : webSocketThrough(server.url);
    const socket = new Class(url);
    const kinds: string[] = [];
    socket.addEventListener('message', ({ data }) => void kinds.push((data as object).constructor.name));
    socket.onopen = () => socket.send(Uint8Array.of(0x81, 0xa6, ...Buffer.from('prompt'), 0xa1, 0x78));
    await until(() => fal.simulator.ledger.jobs.length === 1);
    await fal.clock.advance(2000);
    await until(() => kinds.length === 2);
    socket.binaryType = 'arraybuffer';
    socket.send(Uint8Array.of(0x81, 0xa6, ...Buffer.from('prompt'), 0xa1, 0x78).buffer);
    await until(() => fal.simulator.ledger.jobs.length === 2);
    await fal.clock.advance(2000);
    await until(() => kinds.length === 4);
    expect(kinds).toEqual(['Blob', 'String', 'ArrayBuffer', 'String']);
  });
});

test('a socket that is closed before it is open never opens, however far its handshake is', async () => {
  await withServer(async (fal) => {
    const url = await urlWithToken(fal);
    let closedEarly = 0;
    for (let ticks = 0; ticks < 40; ticks += 1) {
      const socket = new fal.simulator.WebSocket(url);
      let opened = 0;
      socket.addEventListener('open', () => (opened += 1));
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      const wasOpen = opened;
      if (wasOpen === 0) closedEarly += 1;
      socket.close();
      await new Promise((resolve) => socket.addEventListener('close', resolve));
      expect(opened).toBe(wasOpen);
    }
    expect(closedEarly).toBeGreaterThan(2);
    expect(closedEarly).toBeLessThan(40);
    expect(fal.simulator.ledger.connections).toHaveLength(40 - closedEarly);
    expect(fal.simulator.ledger.connections.every(({ closedAt }) => closedAt !== undefined)).toBe(true);
  });
});

test.each(['no URL', 'ftp://fal.run/x', 'wss://fal.run/x#y'])('%s is no URL of a WebSocket', (text) => {
  const { simulator } = falUnderTest();
  expect(() => new simulator.WebSocket(text)).toThrow(
    expect.objectContaining({ name: 'SyntaxError' }) as Error,
  );
  expect(() => new WebSocket(text)).toThrow(expect.objectContaining({ name: 'SyntaxError' }) as Error);
});

test('a host that is none of fal’s cannot be reached', async () => {
  const { simulator } = falUnderTest();
  const socket = new simulator.WebSocket('wss://example.com/');
  const code = await new Promise((resolve) =>
    socket.addEventListener('close', (event) => resolve((event as unknown as CloseEvent).code)),
  );
  expect(code).toBe(1006);
  expect(simulator.ledger.exchanges).toEqual([]);
});

test('servers may say who they are by the key itself', async () => {
  await withServer(async (fal, server) => {
    const url = `${server.url.replace('http', 'ws')}/fal.run/${PATH}`;
    const socket = new KeyedWebSocket(url, { headers: { authorization: `Key ${FAKE_API_KEY}` } });
    const texts: string[] = [];
    socket.on('message', (data: Buffer) => texts.push(data.toString()));
    socket.once('open', () => socket.send(JSON.stringify(INPUT)));
    await until(() => fal.simulator.ledger.jobs.length === 1);
    await fal.clock.advance(2000);
    await until(() => texts.length === 2);
    // A caller through the port gets media that lie behind the port.
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({
      images: [{ url: expect.stringContaining(`${server.url}/v3.fal.media/`) as string }],
    });
    socket.terminate();
    await until(() => fal.simulator.ledger.connections[0]?.closedAt !== undefined);
    expect(fal.simulator.ledger.connections).toMatchObject([{ closeCode: 1006, endedBy: 'wire' }]);
  });
});

test('a refused handshake says why to those who can read it', async () => {
  await withServer(async (fal, server) => {
    fal.simulator.applyScenario('locked-admin');
    const url = `${server.url.replace('http', 'ws')}/fal.run/${PATH}`;
    const socket = new KeyedWebSocket(url, { headers: { authorization: `Key ${FAKE_API_KEY}` } });
    const status = await new Promise((resolve) =>
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(403);
  });
});

/** Sends a request as it stands and gives the whole answer back. */
function rawAnswer(server: SimulatorServer, head: readonly string[], body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
    socket.write(`${[...head, 'Host: localhost', 'Connection: Upgrade, close'].join('\r\n')}\r\n\r\n${body}`);
  });
}

test('a handshake that leads to no host is refused', async () => {
  await withServer(async (_fal, server) => {
    const answer = await rawAnswer(server, ['GET /nowhere HTTP/1.1', 'Upgrade: websocket']);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test('a caller who would take HTTP/2 as well gets its answer in HTTP/1.1, body and all', async () => {
  await withServer(async (fal, server) => {
    const body = JSON.stringify(INPUT);
    const head = [
      `POST /queue.fal.run/${IMAGE_MODEL} HTTP/1.1`,
      'Upgrade: h2c',
      `Authorization: Key ${FAKE_API_KEY}`,
      `Content-Length: ${body.length}`,
    ];
    expect(await rawAnswer(server, head, body)).toMatch(/^HTTP\/1\.1 200 [^]*"status":"IN_QUEUE"/);
    expect(fal.simulator.ledger.jobs).toHaveLength(1);
  });
});

test('closing the server breaks its sockets, and the simulator goes on', async () => {
  await withServer(async (fal, server) => {
    const socket = new (webSocketThrough(server.url))(await urlWithToken(fal));
    await new Promise((resolve) => (socket.onopen = resolve));
    const closed = new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)));
    await server.close();
    expect(await closed).toBe(1006);
    await until(() => fal.simulator.ledger.connections[0]?.closedAt !== undefined);
    expect((await fal.call('GET', 'https://api.fal.ai/v1/meta')).status).toBe(200);
  });
});
