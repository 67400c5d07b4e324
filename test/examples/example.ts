import type { Simulator, SimulatorServer } from 'fal-simulator';
import { createSimulator, defaultWorld } from 'fal-simulator';
import { type BackgroundProcess, startProcess } from '../background-process.ts';
import { cleanEnvironment } from '../exporter-process.ts';
import { waitUntil } from '../wait-until.ts';

/** The model that all examples use. */
export const MODEL = 'fal-ai/flux/schnell';

/** A simulator whose model is quick, and the address of its server. */
export async function startQuickSimulator(): Promise<{ simulator: Simulator; server: SimulatorServer }> {
  const world = defaultWorld();
  const endpoint = world.endpoints.get(MODEL);
  if (endpoint === undefined) throw new Error(`the simulator's default world has no ${MODEL}`);
  endpoint.inference = { medianMs: 150, sigma: 0 };
  endpoint.foreignServiceMs = 50;
  const simulator = createSimulator({ world });
  return { simulator, server: await simulator.listen() };
}

export interface ExampleOptions {
  /** Where the examples are installed. */
  readonly folder: string;
  /** Command line after `node`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The options of Node that measure an app without a change of it. */
export const MEASURED = ['--import', 'opentelemetry-instrumentation-fal/register'];

const WITHIN_MS = 20_000;

/** Starts an example; nothing of our own FAL_* and OTEL_* reaches it. */
export function startExample({ folder, args, env }: ExampleOptions): Promise<BackgroundProcess> {
  return startProcess({
    name: args.join(' '),
    command: process.execPath,
    args,
    cwd: folder,
    env: { ...cleanEnvironment(process.env), ...env },
  });
}

/** Runs an example to its end. Rejects with what it said when it fails. */
export async function runExample(options: ExampleOptions): Promise<string> {
  const example = await startExample(options);
  const output = (): string => example.output();
  const { code } = await waitUntil('the example ends', () => example.exit(), {
    withinMs: WITHIN_MS,
    evidence: output,
  }).finally(() => example.stop());
  if (code !== 0) throw new Error(`${options.args.join(' ')} ended with code ${code}:\n${output()}`);
  return output();
}

/** What the example says once it is so far. */
export function untilItSays(example: BackgroundProcess, what: RegExp): Promise<RegExpExecArray> {
  return waitUntil(`the example says ${what.source}`, () => what.exec(example.output()) ?? undefined, {
    withinMs: WITHIN_MS,
    evidence: () => example.output(),
  });
}

/** What the process has to tell Prometheus. */
export async function scrape(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (!answer.ok) throw new Error(`scraping port ${port}: status ${answer.status}`);
  return answer.text();
}
