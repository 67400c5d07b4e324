/** The hosts that the simulator answers for. `_control` is its own. */
export const HOSTS = [
  'fal.run',
  'queue.fal.run',
  'rest.fal.ai',
  'api.fal.ai',
  'v3.fal.media',
  'status.fal.ai',
  '_control',
] as const;

export type Host = (typeof HOSTS)[number];

/** Other names of the same hosts: fal's backup domains and predecessors. */
const ALIASES: Readonly<Record<string, Host>> = {
  'falrun.com': 'fal.run',
  'queue.falrun.com': 'queue.fal.run',
  'rest.alpha.fal.ai': 'rest.fal.ai',
  'v3b.fal.media': 'v3.fal.media',
  'fal.media': 'v3.fal.media',
};

/** The simulated host behind a host name, or `undefined` for a name that is none of fal's. */
export function hostOf(name: string): Host | undefined {
  const lower = name.toLowerCase();
  const host: string = ALIASES[lower] ?? lower;
  return HOSTS.find((known) => known === host);
}
