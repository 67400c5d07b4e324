import type { AlertDefinition } from '../alert.ts';
import { ALERTS } from '../catalogue.ts';
import { generatedComment, type GeneratedFile } from '../formats/generated-file.ts';
import { promDuration } from '../prom-duration.ts';
import { defaultSettings } from '../settings.ts';
import { forLimits } from './limits.ts';
import { expectedQuantity, writtenQuantity } from './quantity.ts';

const ABOUT = `
Everything that an override file may say, with the defaults. Keep only what you change: what is not there keeps its
default, also in the next version.`;

/** The reference of override files, itself an override file that changes nothing. */
export function exampleFile(): GeneratedFile {
  const { jobs, links } = defaultSettings();
  const lines = [
    generatedComment(ABOUT),
    '# Names of your jobs in Prometheus, each a name or a regular expression such as my-app|worker.',
    'jobs:',
    ...Object.entries(jobs).map(([name, pattern]) => `  ${name}: ${JSON.stringify(pattern)}`),
    '',
    '# Where the links in a page lead: the name of the alert, and the uid of a dashboard, follow.',
    'links:',
    ...Object.entries(links).map(([name, url]) => `  ${name}: ${String(url)}`),
    '',
    'alerts:',
    ...ALERTS.flatMap(alertLines),
  ];
  return { path: 'fal-alerts.example.yml', text: `${lines.join('\n').trimEnd()}\n` };
}

function alertLines(definition: AlertDefinition): string[] {
  const { name, meaning, enabled, severity, forSeconds, keepFiringForSeconds, parameters } = definition;
  const own = Object.entries(parameters).flatMap(([key, parameter]) => {
    const { unit, default: value, about } = parameter;
    const explained = `    # ${about}; ${expectedQuantity(parameter)}`;
    return value === undefined
      ? [explained, `    # ${key}: …  (not set)`]
      : [explained, `    ${key}: ${writtenQuantity(unit, value)}`];
  });
  return [
    `  # ${meaning}`,
    `  ${name}:`,
    ...own,
    `    enabled: ${enabled}`,
    `    severity: ${severity}`,
    ...(forLimits(definition, severity).hasOwn ? [] : [`    for: ${promDuration(forSeconds)}`]),
    `    keep_firing_for: ${promDuration(keepFiringForSeconds ?? 0)}`,
    '',
  ];
}
