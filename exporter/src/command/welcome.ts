import type { Config } from '../config/config.ts';

export interface WelcomeFacts {
  readonly url: string;
  readonly version: string;
  readonly isDemo: boolean;
  readonly config: Config;
}

/** What the user reads after the start: where to look, what runs, and what to do next. */
export function welcome({ url, version, isDemo, config }: WelcomeFacts): string {
  const lines = [
    `fal-exporter ${version}${isDemo ? '   DEMO: simulated data, no fal account is touched' : ''}`,
    `  status page  ${url}/`,
    `  metrics      ${url}/metrics`,
    `  health       ${url}/health/fal`,
    `  probing      ${probes(config)}`,
  ];
  if (isDemo) lines.push(`  fal is       the simulator at ${config.simulatorUrl ?? 'an unknown address'}`);
  if (isDemo) lines.push('  your own     FAL_KEY=<key_id>:<key_secret> npm start');
  else if (config.probes.every(({ tier }) => tier === 'free')) {
    lines.push('  next         no model is probed yet: add one under `probes` in fal-exporter.yml');
  }
  return `${lines.join('\n')}\nCtrl-C stops.\n`;
}

function probes({ probes: configured }: Config): string {
  if (configured.length === 0) return 'nothing: the configuration has no probes';
  const shown = configured.slice(0, 6).map(({ name, intervalMs }) => `${name} every ${inWords(intervalMs)}`);
  const more = configured.length > shown.length ? `, and ${configured.length - shown.length} more` : '';
  return shown.join(', ') + more;
}

function inWords(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${ms / 1000} s`;
}
