import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FAKE_API_KEY, type Ledger, type World, createSimulator, defaultWorld } from 'fal-simulator';
import { cleanEnvironment } from '../exporter-process.ts';
import { freePort } from '../free-port.ts';
import { RUN_MODEL, SUBSCRIBE_MODEL } from './apps.ts';

export interface AppOptions {
  /** The Node to run it on. */
  readonly node: string;
  readonly args: readonly string[];
  readonly folder: string;
}

/** What an app measured, and what really happened. */
export interface AppRun {
  readonly samples: readonly Sample[];
  readonly ledger: Ledger;
}

/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const WITHIN_MS = 30_000;
const PORT_TRIES = 3;

/** Runs an app against a simulator of its own, to its end. Rejects with what it said when it fails. */
export async function runApp(options: AppOptions): Promise<AppRun> {
  for (let left = PORT_TRIES; ; left -= 1) {
    try {
      return await runOnce(options);
    } catch (error) {
      // Between our asking for a free port and the app's using it, somebody else may have taken it.
      if (left === 1 || !String(error).includes('EADDRINUSE')) throw error;
    }
  }
}

async function runOnce({ node, args, folder }: AppOptions): Promise<AppRun> {
  const simulator = createSimulator({ world: quickWorld() });
  const server = await simulator.listen();
  try {
    const { stdout } = await runNode(
      { node, args, folder },
      {
        SIMULATOR_URL: server.url,
        FAL_KEY: FAKE_API_KEY,
        OTEL_EXPORTER_PROMETHEUS_PORT: String(await freePort()),
      },
    );
    const printed = JSON.parse(stdout) as Readonly<Record<string, number>>;
    return { samples: Object.entries(printed).map(sampleOf), ledger: simulator.ledger };
  } finally {
    await server.close();
    simulator.close();
  }
}

/** Runs a program of the consumer's folder on the given Node; nothing of our own FAL_* and OTEL_* reaches it. */
export function runNode(
  { node, args, folder }: AppOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return promisify(execFile)(node, args, {
    cwd: folder,
    env: { ...cleanEnvironment(process.env), ...env },
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
  });
}

/** Real durations, but short ones, and long enough for a poll to see each state. */
function quickWorld(): World {
  const world = defaultWorld();
  for (const [id, medianMs] of [
    [RUN_MODEL, 50],
    [SUBSCRIBE_MODEL, 250],
  ] as const) {
    const endpoint = world.endpoints.get(id);
    if (endpoint === undefined) throw new Error(`the simulator's default world has no ${id}`);
    endpoint.inference = { medianMs, sigma: 0 };
    endpoint.foreignServiceMs = 150;
  }
  return world;
}

function sampleOf([line, value]: readonly [string, number]): Sample {
  const [name = ''] = line.split('{');
  const labels = [...line.matchAll(/(\w+)="([^"]*)"/g)].map(
    ([, key = '', text = '']) => [key, text] as const,
  );
  return { name, labels: Object.fromEntries(labels), value };
}
