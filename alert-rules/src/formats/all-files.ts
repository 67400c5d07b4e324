import { ALERTS } from '../catalogue.ts';
import { buildPack, fileOf, type Pack } from '../pack.ts';
import type { Settings } from '../settings.ts';
import type { GeneratedFile } from './generated-file.ts';
import { grafanaFiles } from './grafana.ts';
import { operatorFiles } from './operator.ts';
import { prometheusFiles } from './prometheus.ts';

/** Every form of the rules under these settings. */
export function rulesInAllForms(settings: Settings): GeneratedFile[] {
  const pack = buildPack({ settings });
  return [
    ...prometheusFiles(pack, optionalFiles(settings)),
    ...grafanaFiles(pack, { links: settings.links }),
    ...operatorFiles(pack, settings.jobs),
  ];
}

/** The error budgets, ready to be loaded by who wants them, unless they are in force already. */
export function optionalFiles(settings: Settings): Pack {
  const names = ALERTS.filter((definition) => fileOf(definition) === 'slo').map(({ name }) => name);
  if (names.some((name) => settings.alerts.get(name)?.enabled === true)) return [];
  const alerts = new Map(
    [...settings.alerts].map(([name, each]) => [
      name,
      { ...each, enabled: names.includes(name) || each.enabled },
    ]),
  );
  return buildPack({ settings: { ...settings, alerts } }).filter(({ name }) => name === 'slo');
}
