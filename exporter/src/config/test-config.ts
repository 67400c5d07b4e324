import { perCollector } from './collectors.ts';
import type { CollectorConfig, Config } from './config.ts';

/** Every collector alike. */
export function testCollectors(parts: Partial<CollectorConfig> = {}): Config['collectors'] {
  return perCollector(() => ({ enabled: true, intervalMs: 60_000, callsPerHour: 1000, ...parts }));
}

/** A whole configuration for tests, with the parts that matter replaced. */
export function testConfig(parts: Partial<Config>): Config {
  const endpoints = (parts.probes ?? []).flatMap(({ endpointId }) => endpointId ?? []);
  return {
    account: { name: 'default', lowBalance: 20e9, criticalBalance: 5e9, grants: [] },
    endpoints: [...new Set(endpoints)].map((id) => ({ id, latencyLimitSeconds: 60 })),
    probes: [],
    budget: { perHour: 1e9, perDay: 10e9, perMonth: 100e9, worstCaseRun: 0.1e9 },
    collectors: testCollectors(),
    statusPage: { enabled: true, url: 'https://status.fal.ai' },
    listen: { host: '127.0.0.1', port: 0 },
    stateDir: '.fal-exporter',
    series: { limit: 50_000, expireAfterMs: 3_600_000 },
    ...parts,
  };
}
