import { uniformOf } from '../random.ts';

/** An app of the account's own on fal's runners. All of them are invented. */
export interface DeployedApp {
  /** Value of the label `application`. */
  readonly application: string;
  readonly machineType: string;
  readonly gpusPerRunner: number;
  readonly memoryBytesPerRunner: number;
  /** Requests per minute, taken over a day. */
  readonly requestsPerMinute: number;
  readonly secondsPerRequest: number;
  readonly maxRunners: number;
}

/** What an app is doing at one moment. */
export interface AppActivity {
  readonly runners: Readonly<Record<'pending' | 'running' | 'dead', number>>;
  readonly queued: number;
  readonly concurrent: number;
  /** In the last minute. */
  readonly received: number;
  /** In the last minute, by HTTP status. */
  readonly completed: Readonly<Record<'200' | '422' | '500', number>>;
  /** Busy share of all runners, 0–1. */
  readonly utilization: number;
}

const DAY_MS = 86_400_000;
const GIBIBYTE = 1024 ** 3;
const KINDS = ['thumbnailer', 'upscaler', 'voice-over'] as const;
const MACHINES = [
  { machineType: 'GPU-H100', gpusPerRunner: 1, memoryBytesPerRunner: 90 * GIBIBYTE },
  { machineType: 'GPU-A100', gpusPerRunner: 2, memoryBytesPerRunner: 120 * GIBIBYTE },
  { machineType: 'M', gpusPerRunner: 0, memoryBytesPerRunner: 4 * GIBIBYTE },
] as const;

/** So many apps of an account; the first three bear the names of their kinds. */
export function deployedApps(owner: string, count: number): DeployedApp[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = KINDS[index % KINDS.length] ?? KINDS[0];
    const machine = MACHINES[index % MACHINES.length] ?? MACHINES[0];
    const name = index < KINDS.length ? kind : `${kind}-${Math.floor(index / KINDS.length) + 1}`;
    return {
      ...machine,
      application: `${owner}/${name}`,
      requestsPerMinute: 20 + 15 * (index % 5),
      secondsPerRequest: 1.5 + 2 * (index % 3),
      maxRunners: 6,
    };
  });
}

/**
 * What an app does at a moment: a wave over the day with noise from minute to minute, and from the load what a fleet
 * of runners makes of it. Little's law gives the requests at work: rate × seconds per request.
 */
export function activityOf(app: DeployedApp, at: number, seed: number): AppActivity {
  const received = requestsIn(app, at, seed);
  const demand = (received / 60) * app.secondsPerRequest;
  const wanted = Math.max(1, Math.ceil(demand));
  const running = Math.min(wanted, app.maxRunners);
  const concurrent = Math.min(running, Math.round(demand));
  const died = dice(app, 'dead', at, seed) < 0.02 ? 1 : 0;
  const failed = Math.round(received * 0.03 * dice(app, 'failed', at, seed));
  const refused = Math.round(received * 0.05 * dice(app, 'refused', at, seed));
  return {
    runners: { pending: Math.min(2, wanted - running), running, dead: died },
    queued: Math.max(0, Math.round((demand - running) * 3)),
    concurrent,
    received,
    completed: { '200': received - failed - refused, '422': refused, '500': failed },
    utilization: concurrent / running,
  };
}

function requestsIn(app: DeployedApp, at: number, seed: number): number {
  const wave = 1 + 0.6 * Math.sin((2 * Math.PI * (at % DAY_MS)) / DAY_MS);
  const noise = 0.8 + 0.4 * dice(app, 'received', at, seed);
  return Math.round(app.requestsPerMinute * wave * noise);
}

function dice({ application }: DeployedApp, question: string, at: number, seed: number): number {
  return uniformOf(seed, `${application} ${question} ${Math.floor(at / 60_000)}`);
}
