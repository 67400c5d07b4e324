import { HOSTS } from '../hosts.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';

/** The page on `/` of the local server: what this is, how to reach the hosts, which scenarios there are. */
export function rootPage(current: string): string {
  const hosts = HOSTS.map((host) => `  /${host}/`);
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
  const scenarios = SCENARIOS.map(({ name, description }) => {
    const mark = name === current ? '*' : ' ';
    return `${mark} ${name.padEnd(width)}  ${description}`;
  });
  return [
    'fal-simulator: a local fal.ai without keys, money or models. Prices and durations are invented.',
    '',
    "Hosts, by path (or by the header x-fal-target-url, or by fal's own host names):",
    ...hosts,
    '',
    'Scenarios (* is on):',
    ...scenarios,
    '',
  ].join('\n');
}
