import type { Caller } from '../engine.ts';
import type { HttpReply } from '../reply.ts';
import { type AppActivity, type DeployedApp, activityOf, deployedApps } from './deployed-apps.ts';
import type { PlatformCall } from './operation.ts';

/** fal gives the same answer for ten seconds. Source: https://fal.ai/docs/documentation/serverless/observability/exporting-metrics */
const CACHED_MS = 10_000;
const APPS = 3;
/** About 1.8 kB each. */
const APPS_WHEN_HUGE = 6000;
/** Upper limits of the latency gauge in seconds; fal names none. */
const LATENCY_LIMITS = [0.5, 1, 2.5, 5, 10, 30] as const;

const HEADERS = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
const GARBAGE =
  '<!doctype html>\n<html><head><title>Sign in</title></head><body>{"oops": [1, 2,</body></html>\n';

/** One series: labels besides `application`, and the value. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

interface Family {
  readonly name: string;
  readonly help: string;
  readonly samples: (app: DeployedApp, activity: AppActivity) => readonly Sample[];
}

/**
 * `GET /serverless/metrics`: Prometheus text about invented apps of the account. All families are gauges, the
 * latency too: it has `le`, but neither `_bucket` nor `_sum` nor `_count`, and its counts are of one minute.
 *
 * Source of names and labels: https://fal.ai/docs/documentation/serverless/observability/exporting-metrics
 */
export function serverlessMetrics({ engine }: PlatformCall, { account }: Caller): HttpReply {
  const { serverlessMetrics: kind } = engine.switches;
  if (kind === 'none') return text('');
  if (kind === 'garbage') return text(GARBAGE);
  const now = engine.clock.now();
  const at = now - (now % CACHED_MS);
  const apps = deployedApps(account.name, kind === 'huge' ? APPS_WHEN_HUGE : APPS);
  const active = apps.map((app) => [app, activityOf(app, at, engine.seed)] as const);
  return text(FAMILIES.map((family) => expositionOf(family, active)).join(''));
}

function text(body: string): HttpReply {
  return { kind: 'http', status: 200, headers: HEADERS, body };
}

function expositionOf(family: Family, active: readonly (readonly [DeployedApp, AppActivity])[]): string {
  const lines = active.flatMap(([app, activity]) =>
    family.samples(app, activity).map(([labels, value]) => {
      const all = Object.entries({ application: app.application, ...labels });
      return `${family.name}{${all.map(([name, label]) => `${name}="${label}"`).join(',')}} ${value}`;
    }),
  );
  const head = [`# HELP ${family.name} ${family.help}`, `# TYPE ${family.name} gauge`];
  return `${[...head, ...lines].join('\n')}\n`;
}

/** A family with one series per app. */
function single(
  name: string,
  help: string,
  value: (app: DeployedApp, activity: AppActivity) => number,
): Family {
  return { name, help, samples: (app, activity) => [[{}, value(app, activity)]] };
}

const gpus = (app: DeployedApp, { runners }: AppActivity): number => app.gpusPerRunner * runners.running;
const percent = (share: number): number => Math.round(share * 1000) / 10;

const FAMILIES: readonly Family[] = [
  {
    name: 'fal_app_runners',
    help: 'Runners by state',
    samples: ({ machineType }, { runners }) =>
      Object.entries(runners).map(([state, count]) => [{ machine_type: machineType, state }, count]),
  },
  single('fal_app_queue_size', 'Requests that wait', (_, { queued }) => queued),
  single('fal_app_concurrent_requests', 'Requests being processed', (_, { concurrent }) => concurrent),
  {
    name: 'fal_app_requests_completed',
    help: 'Requests completed in the last minute',
    samples: (_, { completed }) =>
      Object.entries(completed).map(([status, count]) => [{ method: 'POST', status }, count]),
  },
  {
    name: 'fal_app_requests_received',
    help: 'Requests received in the last minute',
    samples: (_, { received }) => [[{ method: 'POST' }, received]],
  },
  {
    name: 'fal_app_request_latency',
    help: 'Requests completed in the last minute by latency in seconds',
    samples: latencies,
  },
  single('fal_app_runner_cpu_usage_percent', 'CPU usage, summed over runners', (_, activity) =>
    percent(activity.runners.running * (0.1 + 0.6 * activity.utilization)),
  ),
  single('fal_app_runner_memory_usage_bytes', 'Memory, summed over runners', (app, { runners }) =>
    Math.round(app.memoryBytesPerRunner * 0.4 * runners.running),
  ),
  single('fal_app_runner_gpu_utilization_percent', 'GPU utilization, summed over GPUs', (app, activity) =>
    percent(gpus(app, activity) * 0.95 * activity.utilization),
  ),
  single('fal_app_runner_vram_usage_percent', 'GPU memory, summed over GPUs', (app, activity) =>
    percent(gpus(app, activity) * 0.7),
  ),
  single('fal_app_runner_gpu_count', 'GPUs of all runners', gpus),
];

/** Cumulative, as `le` says: exponential latencies around the app's own, all of them within infinity. */
function latencies({ secondsPerRequest }: DeployedApp, { completed }: AppActivity): readonly Sample[] {
  const all = Object.values(completed).reduce((sum, count) => sum + count, 0);
  const within = (limit: number): number => Math.round(all * (1 - Math.exp(-limit / secondsPerRequest)));
  return [
    ...LATENCY_LIMITS.map((limit): Sample => [{ le: String(limit) }, within(limit)]),
    [{ le: '+Inf' }, all],
  ];
}
