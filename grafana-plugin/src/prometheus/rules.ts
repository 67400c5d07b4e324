import { type Answer, answerAs, type Ask } from './ask.ts';
import { asRecord } from './failure.ts';

/** An alerting rule as Prometheus and Grafana list them. */
export interface AlertingRule {
  readonly name: string;
  readonly group: string;
  /** `ok`, `err`, or `unknown` before the first evaluation; Grafana says `error` and `nodata` as well. */
  readonly health: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly alerts: readonly ActiveAlert[];
}

export interface ActiveAlert {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Unix milliseconds; undefined where the server does not tell. */
  readonly activeAt: number | undefined;
}

/** Asks for the alerting rules that a server evaluates. */
export async function alertingRules(ask: Ask): Promise<Answer<AlertingRule[]>> {
  return answerAs(await ask('api/v1/rules', { type: 'alert' }), readRules);
}

/** The alerting rules of an answer of api/v1/rules; undefined for anything else. */
export function readRules(body: unknown): AlertingRule[] | undefined {
  const { status, data } = asRecord(body);
  const { groups } = asRecord(data);
  if (status !== 'success' || !Array.isArray(groups)) return undefined;
  return groups.flatMap((group: unknown) => {
    const { name, rules } = asRecord(group);
    return Array.isArray(rules) ? rules.flatMap((rule: unknown) => readRule(rule, textOf(name))) : [];
  });
}

function readRule(rule: unknown, group: string): AlertingRule[] {
  const { name, type, health, annotations, alerts } = asRecord(rule);
  if (typeof name !== 'string' || (type !== undefined && type !== 'alerting')) return [];
  return [
    {
      name,
      group,
      health: textOf(health),
      annotations: texts(annotations),
      alerts: Array.isArray(alerts) ? alerts.map(readAlert) : [],
    },
  ];
}

function readAlert(alert: unknown): ActiveAlert {
  const { state, labels, annotations, activeAt } = asRecord(alert);
  const at = Date.parse(textOf(activeAt));
  return {
    state: textOf(state),
    labels: texts(labels),
    annotations: texts(annotations),
    activeAt: Number.isNaN(at) ? undefined : at,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asRecord(value)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}
