import type { AlertDefinition, AlertExpression, FileName, Recording, Scope } from './alert.ts';
import { ALERTS } from './catalogue.ts';
import { PromQl } from './promql.ts';
import { recordingsOf } from './recordings.ts';
import type { AlertSettings, Links, Settings } from './settings.ts';

/** All rules in force, in the order in which they are evaluated; what every format is written from. */
export type Pack = readonly RuleFile[];

export interface RuleFile {
  readonly name: FileName;
  readonly groups: readonly RuleGroup[];
}

/** Rules of one group run one after the other, so an alert sees what was recorded in the same round. */
export interface RuleGroup {
  readonly name: string;
  /** The server's own evaluation interval unless given. */
  readonly intervalSeconds?: number | undefined;
  readonly rules: readonly Rule[];
}

export type Rule = RecordingRule | AlertRule;

export interface RecordingRule extends Recording {
  readonly kind: 'recording';
}

export interface AlertRule {
  readonly kind: 'alert';
  readonly alert: string;
  readonly expr: string;
  readonly forSeconds: number;
  readonly keepFiringForSeconds?: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
    readonly dashboard_url: string;
  };
}

export interface PackOptions {
  readonly settings: Settings;
  /** Every duration is divided by it; 1 unless a test is in a hurry. */
  readonly timeScale?: number | undefined;
}

const FILE_NAMES: readonly FileName[] = ['endpoint', 'platform', 'account', 'meta', 'slo'];

/**
 * Builds the pack. A file without an alert that is switched on is left out, unless another file reads what it
 * records: then its recordings stay.
 */
export function buildPack({ settings, timeScale = 1 }: PackOptions): Pack {
  const promql = new PromQl({ jobs: settings.jobs, timeScale });
  const alertsOf = (name: FileName): AlertRule[] =>
    ALERTS.filter((definition) => fileOf(definition) === name).flatMap((definition) =>
      alertRules(definition, { promql, settings, timeScale }),
    );
  const drafts = FILE_NAMES.map((name) => ({
    name,
    alerts: alertsOf(name),
    recordings: recordingsOf(name, promql),
  }));
  const inForce = drafts.filter(({ alerts }) => alerts.length > 0);
  const read = inForce.flatMap(({ alerts, recordings }) =>
    [...alerts, ...recordings].map(({ expr }) => expr),
  );
  const isNeeded = (draft: (typeof drafts)[number]): boolean =>
    inForce.includes(draft) ||
    draft.recordings.some(({ record }) => read.some((expr) => expr.includes(record)));
  return drafts.filter(isNeeded).map(({ name, alerts, recordings }) => {
    const recorded = recordings.map((each) => ({ kind: 'recording' as const, ...each }));
    return { name, groups: [{ name: `fal-${name}`, rules: [...recorded, ...alerts] }] };
  });
}

/** In which file an alert stands. */
export function fileOf({ name, scope }: Pick<AlertDefinition, 'name' | 'scope'>): FileName {
  return name.endsWith('Burn') ? 'slo' : scope;
}

interface Building {
  readonly promql: PromQl;
  readonly settings: Settings;
  readonly timeScale: number;
}

function alertRules(definition: AlertDefinition, building: Building): AlertRule[] {
  const chosen = building.settings.alerts.get(definition.name);
  if (chosen?.enabled !== true) return [];
  return definition
    .rules(building.promql, chosen.values)
    .map((expression) => alertRule(definition, expression, { ...building, chosen }));
}

function alertRule(
  { name, scope }: AlertDefinition,
  expression: AlertExpression,
  { settings, timeScale, chosen }: Building & { readonly chosen: AlertSettings },
): AlertRule {
  const { source, summary, description } = expression;
  const keepFiring = chosen.keepFiringForSeconds;
  return {
    kind: 'alert',
    alert: name,
    expr: expression.expr,
    forSeconds: (expression.forSeconds ?? chosen.forSeconds) / timeScale,
    keepFiringForSeconds: keepFiring === undefined ? undefined : keepFiring / timeScale,
    labels: {
      severity: chosen.severity,
      scope,
      ...(source === undefined ? {} : { source }),
      ...expression.labels,
    },
    annotations: {
      summary,
      description,
      runbook_url: `${settings.links.runbooks}/${name}`,
      dashboard_url: dashboardUrl(settings.links, expression, scope),
    },
  };
}

/** The dashboard with its variables set to what fires. */
function dashboardUrl(links: Links, { dashboard }: AlertExpression, scope: Scope): string {
  const variables =
    scope === 'endpoint'
      ? '?var-account={{ $labels.account | urlquery }}&var-endpoint_id={{ $labels.endpoint_id | urlquery }}'
      : scope === 'account'
        ? '?var-account={{ $labels.account | urlquery }}'
        : '';
  return `${links.dashboards}/${dashboard}${variables}`;
}
