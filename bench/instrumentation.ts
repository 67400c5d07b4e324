/**
 * What measuring costs the app: CPU and bytes that our instrumentation adds to one `fal.run`, beside the bare client
 * and beside @opentelemetry/instrumentation-undici, which measures HTTP exchanges instead of requests.
 *
 *   node bench/instrumentation.ts
 *
 * Blocks of calls alternate between the candidates in random order, so that a slow moment of the machine falls on all
 * of them alike; what is compared is medians of the blocks' CPU time (user and system), never wall time.
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ANSWER,
  MODEL,
  bareClient,
  ourClient,
  plainMeters,
  plainTracers,
  stubbedFetch,
  undiciPeer,
} from './instrumentation-clients.ts';

interface Candidate {
  readonly name: string;
  readonly call: () => Promise<unknown>;
  /** Around a block of calls. */
  readonly enter?: () => void;
  readonly leave?: () => void;
}

const ROUNDS = 200;
const INPUT = { input: { prompt: 'a lighthouse', image_size: 'square' } } as const;

/** Median CPU per call of each candidate, in microseconds. */
async function cpuPerCall(
  candidates: readonly Candidate[],
  callsPerBlock: number,
): Promise<Map<string, number>> {
  const blocks = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let round = -5; round < ROUNDS; round++) {
    for (const candidate of shuffled(candidates)) {
      const cpu = await cpuOfBlock(candidate, callsPerBlock);
      if (round >= 0) blocks.get(candidate.name)?.push(cpu / callsPerBlock);
    }
  }
  return new Map([...blocks].map(([name, figures]) => [name, median(figures)]));
}

async function cpuOfBlock({ call, enter, leave }: Candidate, calls: number): Promise<number> {
  enter?.();
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) await call();
  const { user, system } = process.cpuUsage(before);
  leave?.();
  return user + system;
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}

function running(client: ReturnType<typeof bareClient>): () => Promise<unknown> {
  return () => client.run(MODEL, INPUT);
}

async function stubbed(): Promise<Map<string, number>> {
  return cpuPerCall(
    [
      { name: 'bare client', call: running(bareClient(stubbedFetch)) },
      { name: 'ours, metrics', call: running(ourClient(stubbedFetch, plainMeters())) },
      {
        name: 'ours, metrics and traces',
        call: running(ourClient(stubbedFetch, plainMeters(), plainTracers())),
      },
    ],
    150,
  );
}

/** The same over real HTTP to a server in another process, because the peer sees nothing else. */
async function overHttp(url: string): Promise<Map<string, number>> {
  const local: typeof fetch = (_, init) => fetch(url, init);
  const bare = running(bareClient(local));
  const peer = undiciPeer(plainMeters(), plainTracers());
  return cpuPerCall(
    [
      { name: 'bare client', call: bare },
      { name: 'ours, metrics', call: running(ourClient(local, plainMeters())) },
      { name: 'ours, metrics and traces', call: running(ourClient(local, plainMeters(), plainTracers())) },
      {
        name: 'instrumentation-undici',
        call: bare,
        enter: () => peer.enable(),
        leave: () => peer.disable(),
      },
    ],
    60,
  );
}

/** Bytes allocated per call: so few calls that no collection falls between the two readings. */
async function bytesPerCall(): Promise<Map<string, number>> {
  const calls = 200;
  const found = new Map<string, number>();
  const candidates = [
    { name: 'bare client', call: running(bareClient(stubbedFetch)) },
    { name: 'ours, metrics', call: running(ourClient(stubbedFetch, plainMeters())) },
  ];
  for (const { name, call } of [...candidates, ...candidates]) {
    for (let i = 0; i < 3000; i++) await call();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < calls; i++) await call();
    found.set(name, (process.memoryUsage().heapUsed - before) / calls);
  }
  return found;
}

function table(cpu: ReadonlyMap<string, number>): Record<string, string>[] {
  const bare = cpu.get('bare client') ?? NaN;
  return [...cpu].map(([candidate, micros]) => ({
    candidate,
    'µs CPU per run': micros.toFixed(1),
    'added µs': (micros - bare).toFixed(1),
    'added to the bare client': `${((100 * (micros - bare)) / bare).toFixed(1)} %`,
  }));
}

/** Starts this file again in another role and hands over its first message. */
function inChild<T>(
  role: string,
  execArgv: readonly string[] = [],
): Promise<{ message: T; stop: () => void }> {
  const child = fork(import.meta.filename, [role], { execArgv: [...execArgv], stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (message) => resolve({ message: message as T, stop: () => child.kill() }));
  });
}

function serve(): void {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, ANSWER.headers).end(ANSWER.body));
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
}

/** Runs the whole comparison and prints it. */
export async function runInstrumentationBench(): Promise<void> {
  console.log(`fal.run with a fetch that answers at once, Node ${process.versions.node}`);
  console.table(table(await stubbed()));
  const server = await inChild<string>('serve');
  console.log('fal.run over HTTP to another process');
  const http = await overHttp(server.message);
  console.table(table(http));
  server.stop();
  const bytes = await inChild<[string, number][]>('bytes', ['--expose-gc', '--max-semi-space-size=512']);
  console.log('bytes allocated per run');
  console.table(bytes.message.map(([candidate, each]) => ({ candidate, bytes: Math.round(each) })));
}

if (import.meta.main) {
  const role = process.argv[2];
  if (role === 'serve') serve();
  else if (role === 'bytes') process.send?.([...(await bytesPerCall())], () => process.exit(0));
  else await runInstrumentationBench();
  if (role === undefined) process.exit(0);
}
