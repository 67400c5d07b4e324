import { isScalar, type YAMLMap } from 'yaml';
import type { AlertDefinition } from '../alert.ts';
import { ALERTS } from '../catalogue.ts';
import { type AlertSettings, defaultSettings, type Settings } from '../settings.ts';
import { readAlert } from './alert-section.ts';
import { didYouMean } from './nearest-name.ts';
import { brokenOrders } from './orders.ts';
import { type Entry, OverrideFile } from './override-file.ts';
import { readJobs, readLinks } from './place-sections.ts';
import type { Problem } from './problem.ts';
import { writtenQuantity } from './quantity.ts';

export type ParsedOverrides = { readonly settings: Settings } | { readonly problems: readonly Problem[] };

const SECTIONS = ['alerts', 'jobs', 'links'] as const;
type Section = (typeof SECTIONS)[number];

const DEFINITIONS: ReadonlyMap<string, AlertDefinition> = new Map(ALERTS.map((each) => [each.name, each]));

/**
 * Reads an override file (YAML) into the settings in force: the defaults with what the file says. All problems at
 * once, in the order of the text; then there are no settings. An empty file is the defaults. Never throws.
 */
export function parseOverrides(text: string, fileName: string): ParsedOverrides {
  const file = new OverrideFile(text, fileName);
  const sections = sectionsOf(file);
  const defaults = defaultSettings();
  const settings: Settings = {
    jobs: sections.jobs === undefined ? defaults.jobs : readJobs(file, sections.jobs, defaults.jobs),
    links: sections.links === undefined ? defaults.links : readLinks(file, sections.links, defaults.links),
    alerts:
      sections.alerts === undefined ? defaults.alerts : readAlerts(file, sections.alerts, defaults.alerts),
  };
  const { problems } = file;
  return problems.length === 0 ? { settings } : { problems };
}

function sectionsOf(file: OverrideFile): Partial<Record<Section, YAMLMap>> {
  const sections: Partial<Record<Section, YAMLMap>> = {};
  for (const entry of file.root === undefined ? [] : file.entries(file.root, '')) {
    const section = SECTIONS.find((name) => name === entry.key);
    if (section === undefined) {
      const hint = didYouMean(entry.key, SECTIONS) ?? misplaced(entry.key);
      file.report(entry.keyNode, entry.path, {
        found: 'unknown section',
        expected: SECTIONS.join(', '),
        hint,
      });
      continue;
    }
    // A section whose lines are all comments is as good as none.
    if (isEmpty(entry.value)) continue;
    const map = file.mapping(entry, '{ name: … }');
    if (map !== undefined) sections[section] = map;
  }
  return sections;
}

function misplaced(key: string): string | undefined {
  return DEFINITIONS.has(key) ? 'alerts stand under alerts:' : undefined;
}

function isEmpty(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

function readAlerts(
  file: OverrideFile,
  map: YAMLMap,
  defaults: Settings['alerts'],
): ReadonlyMap<string, AlertSettings> {
  const alerts = new Map(defaults);
  const entries = file.entries(map, 'alerts');
  for (const entry of entries) {
    const definition = DEFINITIONS.get(entry.key);
    const settings = alerts.get(entry.key);
    if (definition === undefined || settings === undefined) reportUnknown(file, entry);
    else alerts.set(entry.key, readAlert(file, entry, definition, settings));
  }
  reportBrokenOrders(file, entries, alerts);
  return alerts;
}

function reportUnknown(file: OverrideFile, { key, path, keyNode }: Entry): void {
  const hint = didYouMean(key, [...DEFINITIONS.keys()]) ?? 'fal-alert-rules list shows all names';
  file.report(keyNode, path, { found: 'unknown alert', hint });
}

/** Only what the file itself brings about is its problem, and it is told where it was brought about. */
function reportBrokenOrders(
  file: OverrideFile,
  entries: readonly Entry[],
  alerts: ReadonlyMap<string, AlertSettings>,
): void {
  for (const { lower, higher, mayBeEqual = false } of brokenOrders(alerts)) {
    const entry = entries.findLast(({ key }) => key === lower[0] || key === higher[0]);
    if (entry === undefined) continue;
    const relation = mayBeEqual ? 'not above' : 'below';
    file.report(entry.keyNode, entry.path, {
      found: `${lower.join('.')} is ${written(alerts, lower)} and ${higher.join('.')} is ${written(alerts, higher)}`,
      expected: `the first ${relation} the second`,
    });
  }
}

function written(
  alerts: ReadonlyMap<string, AlertSettings>,
  [alert, parameter]: readonly [string, string],
): string {
  const unit = DEFINITIONS.get(alert)?.parameters[parameter]?.unit ?? 'count';
  return writtenQuantity(unit, alerts.get(alert)?.values[parameter] ?? 0);
}
