import { COLLECTOR_NAMES } from '../domain/collector-name.ts';
import { usdFromNano } from '../domain/money.ts';
import { callsNeeded, collectorKey } from './collectors.ts';
import type { Config, ProbeConfig } from './config.ts';
import { formatDuration } from './duration.ts';
import type { FileSettings } from './schema.ts';

const HOUR_MS = 3_600_000;

/**
 * What is allowed and probably not meant: one sentence each, with what to write instead. `settings` is the
 * file as it was read, `config` what came of it.
 */
export function configWarnings(settings: FileSettings, config: Config): string[] {
  const limited = settings.endpoints.filter((endpoint) => endpoint.latency_limit !== undefined);
  const isLimited = new Set(limited.map(({ id }) => id));
  return [
    ...config.endpoints.filter(({ id }) => !isLimited.has(id)).flatMap(({ id }) => videoWarning(id)),
    ...config.probes.flatMap((probe, index) => probeWarnings(probe, `probes[${index}]`)),
    ...spendWarning(config),
    ...callsWarnings(config),
    ...exposureWarning(config),
  ];
}

function videoWarning(id: string): string[] {
  if (!/video/i.test(id)) return [];
  return [
    `endpoints: ${id} looks like a video model, which needs minutes, and has the usual limit of 1m; ` +
      `add - { id: ${id}, latency_limit: 5m } to endpoints, or it will look slow all the time`,
  ];
}

function probeWarnings(probe: ProbeConfig, path: string): string[] {
  const { name, tier, intervalMs, timeoutMs, input } = probe;
  const interval = formatDuration(intervalMs);
  const isTooLong = timeoutMs > intervalMs;
  const isIdle = tier === 'free' && Object.keys(input).length > 0;
  return [
    ...(isTooLong
      ? [
          `${path}.timeout: ${formatDuration(timeoutMs)} is longer than the interval of ${name} (${interval}); ` +
            'runs of one probe never overlap, so a slow run delays the next',
        ]
      : []),
    ...(isIdle ? [`${path}.input: ${name} is a free probe, which asks no model; the input is not used`] : []),
  ];
}

/** Until fal has told price and units, each run counts as the worst case: then the cap may bite early. */
function spendWarning({ probes, budget }: Config): string[] {
  const paid = probes.filter(({ tier }) => tier === 'inference');
  if (paid.length === 0) return [];
  const { perHour, worstCaseRun } = budget;
  const runsPerHour = paid.reduce((sum, { intervalMs }) => sum + HOUR_MS / intervalMs, 0);
  const worstCase = runsPerHour * worstCaseRun;
  if (worstCase <= perHour) return [];
  const cap = `budget.per_hour_usd is ${usdFromNano(perHour)}`;
  const run = `at worst_case_run_usd ${usdFromNano(worstCaseRun)} each`;
  return [
    worstCaseRun > perHour
      ? `budget: ${cap}, less than one run ${run}; while its price is unknown, no inference probe will run`
      : `budget: ${Number(runsPerHour.toFixed(1))} inference runs per hour ${run} could cost ` +
        `${Number(usdFromNano(worstCase).toFixed(4))} USD and ${cap}; while their price is unknown, runs beyond the ` +
        'budget are skipped; probe less often, or set worst_case_run_usd to what a run really costs at most',
  ];
}

/** What the calls of an hour do not allow is not read in it. */
function callsWarnings({ collectors, endpoints }: Config): string[] {
  return COLLECTOR_NAMES.flatMap((name) => {
    const { enabled, intervalMs, callsPerHour } = collectors[name];
    const needed = Math.ceil(callsNeeded(name, intervalMs, endpoints.length));
    if (!enabled || needed <= callsPerHour) return [];
    return [
      `collectors.${collectorKey(name)}: a reading every ${formatDuration(intervalMs)} needs at least ` +
        `${needed} calls per hour and calls_per_hour is ${callsPerHour}; what is beyond it waits; read less often, or ` +
        'allow more calls',
    ];
  });
}

function exposureWarning({ listen, webConfigFile }: Config): string[] {
  const isLocal = /^(localhost|::1|127\.\d+\.\d+\.\d+)$/i.test(listen.host);
  if (isLocal || webConfigFile !== undefined) return [];
  return [
    `listen: ${listen.host} may be reached from other machines, and there is neither TLS nor a password; ` +
      'set web.config_file, or make sure that a firewall or container network protects it',
  ];
}
