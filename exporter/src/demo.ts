import { FAKE_ADMIN_KEY, FAKE_API_KEY, createSimulator } from 'fal-simulator';
import { perCollector } from './config/collectors.ts';
import type { Config, ProbeConfig } from './config/config.ts';
import type { Clock } from './domain/clock.ts';
import { nanoFromUsd } from './domain/money.ts';

/** A simulated fal in this process, and what the exporter needs to probe it. */
export interface Demo {
  readonly url: string;
  readonly falKey: string;
  readonly falAdminKey: string;
  close(): Promise<void>;
}

const IMAGE_INPUT = { prompt: 'status probe', image_size: 'square' };

/** Quicker than any real probe should run: a stranger wants to see quantiles within a minute. */
const PROBES: readonly ProbeConfig[] = [
  imageProbe('flux-schnell', 'fal-ai/flux/schnell', 3_000),
  imageProbe('fast-sdxl', 'fal-ai/fast-sdxl', 4_000),
  imageProbe('flux-dev', 'fal-ai/flux/dev', 5_000),
  {
    ...{ name: 'kling-video', tier: 'inference', endpointId: 'fal-ai/kling-video/v2/standard/text-to-video' },
    ...{ intervalMs: 60_000, timeoutMs: 300_000, input: { prompt: 'status probe', duration: 5 } },
  },
  { name: 'fal-hosts', tier: 'free', intervalMs: 15_000, timeoutMs: 10_000, input: {} },
];

function imageProbe(name: string, endpointId: string, intervalMs: number): ProbeConfig {
  return { name, endpointId, tier: 'inference', intervalMs, timeoutMs: 60_000, input: IMAGE_INPUT };
}

/** The configuration of the demo: simulated money, so the caps are generous; everything else as given. */
export function demoConfig(base: Config): Config {
  return {
    ...base,
    probes: PROBES,
    endpoints: PROBES.flatMap(({ endpointId }) =>
      endpointId === undefined
        ? []
        : [{ id: endpointId, latencyLimitSeconds: endpointId.includes('video') ? 180 : 60 }],
    ),
    account: { ...base.account, concurrencyLimit: 10 },
    budget: {
      perHour: nanoFromUsd(60),
      perDay: nanoFromUsd(600),
      perMonth: nanoFromUsd(6000),
      worstCaseRun: nanoFromUsd(0.5),
    },
    collectors: perCollector(() => ({ enabled: true, intervalMs: 20_000, callsPerHour: 3600 })),
  };
}

/** Small, so that a demo of a week needs no more memory than one of a minute. */
const LEDGER_LIMITS = { jobs: 500, exchanges: 1000 };
/** The scenario fails about one request in forty; the first one should not be left to chance. */
const FIRST_ERROR_AFTER_MS = 20_000;

/** Starts the simulated fal on a free loopback port, with the scenario `demo`. */
export async function startDemo(clock: Clock): Promise<Demo> {
  const simulator = createSimulator({ clock, scenario: 'demo', ledgerLimits: LEDGER_LIMITS });
  const server = await simulator.listen({ host: '127.0.0.1', port: 0 });
  const cancel = clock.after(FIRST_ERROR_AFTER_MS, () => {
    simulator.engine.failNext({ endpointId: 'fal-ai/fast-sdxl', errorType: 'internal_server_error' });
  });
  return {
    url: server.url,
    falKey: FAKE_API_KEY,
    falAdminKey: FAKE_ADMIN_KEY,
    async close(): Promise<void> {
      cancel();
      await server.close();
      simulator.close();
    },
  };
}
