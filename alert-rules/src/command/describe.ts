import { ALERTS } from '../catalogue.ts';
import type { AlertDefinition } from '../alert.ts';
import { metricsIn } from '../formats/metrics-in.ts';
import { recordingsIn } from '../formats/inline-recordings.ts';
import { meaningOf } from '../meaning.ts';
import { type AlertRule, buildPack, type Pack } from '../pack.ts';
import { promDuration } from '../prom-duration.ts';
import type { AlertSettings, Settings } from '../settings.ts';

/** One alert as it is in force, for `list` and `explain`. */
export interface AlertDescription {
  readonly name: string;
  readonly scope: string;
  readonly severity: string;
  readonly enabled: boolean;
  readonly for: string;
  readonly meaning: string;
  /** Families of exported metrics that it reads, through recorded series as well. */
  readonly metrics: readonly string[];
  readonly runbook: string;
}

/** Describes every alert; one that is switched off as it would be if it were on. */
export function describeAlerts(settings: Settings): AlertDescription[] {
  const pack = wholePack(settings);
  return ALERTS.map((definition) => describe(definition, settings, pack));
}

/** The rules of one alert, also of one that is switched off. */
export function rulesOf(name: string, settings: Settings): AlertRule[] {
  return alertRulesIn(wholePack(settings)).filter(({ alert }) => alert === name);
}

/** The pack with every alert switched on. */
function wholePack(settings: Settings): Pack {
  const alerts = ALERTS.map(({ name }) => [name, { ...chosen(name, settings), enabled: true }] as const);
  return buildPack({ settings: { ...settings, alerts: new Map(alerts) } });
}

function describe(definition: AlertDefinition, settings: Settings, pack: Pack): AlertDescription {
  const { name, scope } = definition;
  const each = chosen(name, settings);
  const rules = alertRulesIn(pack).filter(({ alert }) => alert === name);
  const recordings = recordingsIn(pack);
  const durations = new Set(rules.map(({ forSeconds }) => promDuration(forSeconds)));
  return {
    name,
    scope,
    severity: each.severity,
    enabled: each.enabled,
    for: durations.size === 0 ? promDuration(each.forSeconds) : [...durations].join(', '),
    meaning: meaningOf(definition, { ...each.values, for: each.forSeconds }),
    metrics: [...new Set(rules.flatMap(({ expr }) => metricsIn(expr, recordings)))].sort(),
    runbook: `${settings.links.runbooks}/${name}`,
  };
}

/** Settings of an alert of the catalogue. */
export function chosen(name: string, { alerts }: Settings): AlertSettings {
  const settings = alerts.get(name);
  if (settings === undefined) throw new Error(`no settings for alert ${name}`);
  return settings;
}

function alertRulesIn(pack: Pack): AlertRule[] {
  const rules = pack.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  return rules.filter((rule) => rule.kind === 'alert');
}
