import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackgroundProcess, startProcess } from '../background-process.ts';
import { freePort } from '../free-port.ts';
import { waitUntil } from '../wait-until.ts';

export interface Redis {
  readonly url: string;
  stop(): Promise<void>;
}

const PORT_TRIES = 3;

/** A real Redis on a free port, which keeps nothing. */
export async function startRedis(): Promise<Redis> {
  for (let left = PORT_TRIES; ; left -= 1) {
    const port = await freePort();
    const redis = await start(port);
    const isUp = await waitUntil('Redis is up, or gone', () => stateOf(redis), {
      withinMs: 20_000,
      evidence: () => redis.output(),
    });
    if (isUp) return { url: `redis://127.0.0.1:${port}`, stop: async () => void (await redis.stop()) };
    // Between our asking for a free port and its use, somebody else may have taken it.
    if (left === 1) throw new Error(`redis-server ended:\n${redis.output()}`);
    await redis.stop();
  }
}

async function start(port: number): Promise<BackgroundProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-redis-'));
  const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir: folder };
  return await startProcess({
    name: 'redis-server',
    command: 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    env: { PATH: process.env.PATH },
    folders: [folder],
  });
}

function stateOf(redis: BackgroundProcess): boolean | undefined {
  if (redis.exit() !== undefined) return false;
  return redis.output().includes('Ready to accept connections') || undefined;
}
