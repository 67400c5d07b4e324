import type { Source } from '../alert.ts';
import { type AlertRule, buildPack, type Pack, type Rule, type RuleFile } from '../pack.ts';
import { defaultSettings, type Settings } from '../settings.ts';

/** The one alert without a default: money that no budget may exceed, in USD an hour. */
export const HOURLY_BUDGET_USD = 10;

/** The shipped thresholds, with the optional alerts switched on as well. */
export function settingsUnderTest(): Settings {
  const settings = defaultSettings();
  const alerts = [...settings.alerts].map(([name, chosen]) => {
    const values =
      name === 'FalHourlyBudgetExceeded' ? { ...chosen.values, threshold: HOURLY_BUDGET_USD } : chosen.values;
    return [name, { ...chosen, enabled: true, values }] as const;
  });
  return { ...settings, alerts: new Map(alerts) };
}

/** Every rule as shipped. */
export function packUnderTest(): Pack {
  return buildPack({ settings: settingsUnderTest() });
}

/**
 * Of a pack only one alert and what it reads, in the order and the groups of the pack: promtool evaluates whatever
 * it is given at every step of every case, and a case is about one alert. Of an alert with a rule per source, those
 * of `sources`.
 */
export function rulesFor(
  alerts: string | readonly string[],
  pack: Pack,
  sources: readonly Source[] = ['app', 'probe'],
): Pack {
  const rules = pack.flatMap((file) => file.groups.flatMap((group) => group.rules));
  const own = [alerts].flat().flatMap((alert) => rulesOf(alert, rules));
  const needed = new Set<Rule>(own.filter(({ labels }) => isOneOf(sources, labels.source)));
  // Sets grow while one walks over them, so what is read by what is read comes too.
  for (const { expr } of needed) {
    const names = recordedNamesIn(expr);
    for (const each of rules) if (each.kind === 'recording' && names.includes(each.record)) needed.add(each);
  }
  return pack.map((file) => keepOnly(file, needed)).filter(({ groups }) => groups.length > 0);
}

function isOneOf(sources: readonly string[], source: string | undefined): boolean {
  return source === undefined || sources.includes(source);
}

function rulesOf(alert: string, rules: readonly Rule[]): AlertRule[] {
  const own = rules.filter((rule) => rule.kind === 'alert').filter((rule) => rule.alert === alert);
  if (own.length === 0) throw new Error(`no alert ${alert} in the pack: is it in the catalogue?`);
  return own;
}

function keepOnly(file: RuleFile, needed: ReadonlySet<Rule>): RuleFile {
  const groups = file.groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => needed.has(rule)),
  }));
  return { ...file, groups: groups.filter(({ rules }) => rules.length > 0) };
}

/** Colons appear in the names of recorded series alone. */
function recordedNamesIn(expr: string): string[] {
  return expr.match(/\b[a-z_]+:\w+(:\w+)*/g) ?? [];
}
