import type { Config, ProbeConfig } from '../config/config.ts';
import type { ProbeTier } from '../domain/events.ts';
import type { FalAccess } from '../fal/client.ts';
import { createFreeProbe } from './free-probe.ts';
import { createInferenceProbe } from './inference-probe.ts';
import type { EndpointProbeConfig, Probe } from './probe.ts';
import { createQueueProbe } from './queue-probe.ts';

export interface ProbeFactoryOptions {
  readonly config: Config;
  readonly access: FalAccess;
  readonly randomUuid: () => string;
}

/** Any app that exists will do for the free canary; a configured one is at least the user's own. */
const DEFAULT_CANARY = 'fal-ai/flux';

/** The list of probe kinds. A new tier is one file beside this one and one line here. */
const FACTORIES: Readonly<Record<ProbeTier, (probe: ProbeConfig, options: ProbeFactoryOptions) => Probe>> = {
  free: (probe, { config, access, randomUuid }) => {
    const canaryEndpointId = config.endpoints[0]?.id ?? DEFAULT_CANARY;
    return createFreeProbe({
      config: probe,
      access,
      account: config.account.name,
      canaryEndpointId,
      randomUuid,
    });
  },
  queue: (probe, { config, access }) => createQueueProbe(withEndpoint(probe), access, config.account.name),
  inference: (probe, { config, access }) =>
    createInferenceProbe(withEndpoint(probe), access, config.account.name),
};

/** Builds every configured probe. */
export function createProbes(options: ProbeFactoryOptions): Probe[] {
  return rebuildProbes(options, []).map(({ probe }) => probe);
}

/** A probe and all of the configuration that it depends on. */
export interface BuiltProbe {
  readonly key: string;
  readonly probe: Probe;
}

/**
 * Builds every configured probe, but keeps one as it is whose configuration did not change: a reload must not
 * disturb its rhythm, let alone pay for another run.
 */
export function rebuildProbes(options: ProbeFactoryOptions, before: readonly BuiltProbe[]): BuiltProbe[] {
  const { probes, account, endpoints } = options.config;
  return probes.map((config) => {
    const key = JSON.stringify([config, account.name, config.tier === 'free' ? endpoints[0]?.id : undefined]);
    const known = before.find((built) => built.key === key);
    return known ?? { key, probe: FACTORIES[config.tier](config, options) };
  });
}

/** The configuration is checked at the edge; this tells the compiler. */
function withEndpoint(probe: ProbeConfig): EndpointProbeConfig {
  if (probe.endpointId === undefined)
    throw new TypeError(`probe ${probe.name} (${probe.tier}) has no endpoint_id`);
  return { ...probe, endpointId: probe.endpointId };
}
