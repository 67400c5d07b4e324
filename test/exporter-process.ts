import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  startProcess,
  type BackgroundProcess,
  type Stopped,
  type StopOptions,
} from './background-process.ts';
import { waitUntil } from './wait-until.ts';

export interface ExporterOptions {
  /** The text of fal-exporter.yml; every key is optional, and so is the file. */
  readonly config?: string;
  /** Keys and addresses: FAL_KEY, FAL_ADMIN_KEY, FAL_SIMULATOR_URL. Nothing else reaches the exporter. */
  readonly env?: Readonly<Record<string, string>>;
  /** More command line after `serve`. */
  readonly args?: readonly string[];
  /** A state folder that outlives the process (crash and restart); a temporary one unless given. */
  readonly stateDir?: string;
  /** The program to run; the repository's own unless given. */
  readonly program?: string;
  readonly readyWithinMs?: number;
}

/** The real exporter, as a user starts it. */
export interface ExporterProcess {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** `host:port`, for Prometheus's targets. */
  readonly target: string;
  readonly pid: number;
  readonly output: () => string;
  /** SIGINT unless another signal is asked for. Rejects when it takes longer than `withinMs`. */
  readonly stop: (options?: StopOptions) => Promise<Stopped>;
}

const PROGRAM = join(dirname(import.meta.dirname), 'exporter', 'bin', 'fal-exporter.js');
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/g;

/**
 * Starts `fal-exporter serve` on a free loopback port and waits until `/-/ready` answers 200. The process and
 * its temporary folders are gone after `stop`, and also when the test process is killed.
 */
export async function startExporter(options: ExporterOptions = {}): Promise<ExporterProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-exporter-'));
  const config = join(folder, 'fal-exporter.yml');
  writeFileSync(config, options.config ?? '');
  const child = await startProcess({
    name: 'fal-exporter',
    command: process.execPath,
    args: [
      options.program ?? PROGRAM,
      'serve',
      ...['--config', config],
      ...['--listen', '127.0.0.1:0'],
      ...['--state-dir', options.stateDir ?? join(folder, 'state')],
      ...(options.args ?? []),
    ],
    env: { ...cleanEnvironment(process.env), ...options.env },
    cwd: folder,
    folders: [folder],
  });
  try {
    const url = await addressWhenReady(child, options.readyWithinMs ?? 30_000);
    return {
      url,
      target: new URL(url).host,
      pid: child.pid,
      output: () => child.output(),
      stop: (how = {}) => child.stop({ signal: 'SIGINT', ...how }),
    };
  } catch (error) {
    await child.stop({ signal: 'SIGKILL' });
    throw error;
  }
}

/**
 * Our environment without what would change the exporter: a developer's own FAL_KEY would turn a test into paid
 * requests to fal, OTEL_* would send its telemetry somewhere, NODE_OPTIONS and VITEST* are about ourselves.
 */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(FAL_|OTEL_|VITEST|NODE_)/.test(name)));
}

/** The first address in the output that is ready: in demo mode the simulator's address may stand there too. */
async function addressWhenReady(child: BackgroundProcess, withinMs: number): Promise<string> {
  const found = await waitUntil(
    'fal-exporter says where it listens, and is ready there',
    async () => {
      if (child.exit() !== undefined) return { ended: true as const };
      for (const url of new Set(child.output().match(ADDRESS))) {
        if (await isReady(url)) return { ended: false as const, url };
      }
      return undefined;
    },
    { withinMs, evidence: () => `fal-exporter said:\n${child.output()}` },
  );
  if (found.ended) throw new Error(`fal-exporter ended before it was ready; it said:\n${child.output()}`);
  return found.url;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
