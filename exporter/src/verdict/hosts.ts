import type { HostWitness, VerdictInput } from './input.ts';

/** Hosts that carry every call of a model. */
const MODEL_HOSTS = ['queue.fal.run', 'fal.run'];

/** What the free probes say about fal's hosts. Old looks count for nothing. */
export interface HostSigns {
  readonly up: readonly HostWitness[];
  /** Down at two looks at least: one may be a hiccup. */
  readonly down: readonly HostWitness[];
  readonly looked: number;
}

export function readHosts({ hosts }: Pick<VerdictInput, 'hosts'>): HostSigns {
  const fresh = hosts.filter((host) => !host.isStale);
  return {
    up: fresh.filter((host) => host.up),
    down: fresh.filter((host) => !host.up && host.at > host.since),
    looked: fresh.length,
  };
}

export function carriesModels({ host }: HostWitness): boolean {
  return MODEL_HOSTS.includes(host);
}

/** True when the host itself answered, with an error: no network between here and there is to blame. */
export function answeredBadly({ fault }: HostWitness): boolean {
  return fault === 'platform';
}

export function hostNames(hosts: readonly HostWitness[]): string {
  return hosts.map(({ host }) => host).join(', ');
}
