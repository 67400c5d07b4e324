import { dirname, resolve } from 'node:path';
import { collectorConfig, collectorKey, perCollector } from './collectors.ts';
import type { AccountConfig, Config, EndpointConfig, ProbeConfig } from './config.ts';
import { TIER_RULES } from './probe-tiers.ts';
import { DEFAULT_LATENCY_LIMIT_MS, type FileSettings } from './schema.ts';

export interface Folders {
  readonly cwd: string;
  /** The configuration file, absolute; absent when there is none. */
  readonly file?: string | undefined;
}

/** The configuration from settings without problems: paths absolute, defaults of the tiers filled in. */
export function assembleConfig(settings: FileSettings, folders: Folders): Config {
  const { budget, status_page: page, web, series } = settings;
  const probes = settings.probes.map(probeConfig);
  const endpoints = endpointConfigs(settings, probes);
  const collectors = collectorConfigs(settings, endpoints.length);
  const webFolder = folders.file === undefined ? folders.cwd : dirname(folders.file);
  return {
    account: accountConfig(settings.account),
    endpoints,
    probes,
    budget: {
      perHour: budget.per_hour_usd,
      perDay: budget.per_day_usd,
      perMonth: budget.per_month_usd,
      worstCaseRun: budget.worst_case_run_usd,
    },
    collectors,
    statusPage: { enabled: collectors['status-page'].enabled, url: page.url.replace(/\/+$/, '') },
    listen: settings.listen,
    webConfigFile: web.config_file === undefined ? undefined : resolve(webFolder, web.config_file),
    stateDir: resolve(folders.cwd, settings.state_dir),
    series: { limit: series.limit, expireAfterMs: series.expire_after },
    simulatorUrl: settings.simulator_url?.replace(/\/+$/, ''),
  };
}

function accountConfig(account: FileSettings['account']): AccountConfig {
  return {
    name: account.name,
    concurrencyLimit: account.concurrency_limit,
    lowBalance: account.low_balance_usd,
    criticalBalance: account.critical_balance_usd,
    hourlyBudget: account.hourly_budget_usd,
    monthlyBudget: account.monthly_budget_usd,
    grants: account.grants.map(({ name, expires: expiresAt, amount_usd: amount }) => ({
      name,
      expiresAt,
      amount,
    })),
  };
}

/** The status page can be switched off in its own section, too: it is read when both say so. */
function collectorConfigs(settings: FileSettings, models: number): Config['collectors'] {
  const { interval, ...sections } = settings.collectors;
  return perCollector((name) => {
    const config = collectorConfig(name, sections[collectorKey(name)], { interval, models });
    if (name !== 'status-page') return config;
    return { ...config, enabled: config.enabled && settings.status_page.enabled };
  });
}

function probeConfig(probe: FileSettings['probes'][number]): ProbeConfig {
  const { name, tier, endpoint_id: endpointId, input } = probe;
  const defaults = TIER_RULES[tier];
  const intervalMs = probe.interval ?? defaults.intervalMs;
  const timeoutMs = probe.timeout ?? Math.min(defaults.timeoutMs, intervalMs);
  return { name, tier, endpointId, intervalMs, timeoutMs, input };
}

/** What is listed, then what only probes mention. */
function endpointConfigs(settings: FileSettings, probes: readonly ProbeConfig[]): EndpointConfig[] {
  const limits = new Map(
    settings.endpoints.map(({ id, latency_limit: limit }) => [id, limit ?? DEFAULT_LATENCY_LIMIT_MS]),
  );
  for (const { endpointId } of probes) {
    if (endpointId !== undefined && !limits.has(endpointId)) limits.set(endpointId, DEFAULT_LATENCY_LIMIT_MS);
  }
  return [...limits].map(([id, limitMs]) => ({ id, latencyLimitSeconds: limitMs / 1000 }));
}
