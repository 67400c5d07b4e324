import type { AlertRule, Pack, RecordingRule, Rule, RuleFile } from '../pack.ts';
import { promDuration } from '../prom-duration.ts';
import { type GeneratedFile, generatedYaml } from './generated-file.ts';

/** A rule group as Prometheus 2.42 and newer read it. */
export interface PrometheusGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly PrometheusRule[];
}

export type PrometheusRule = PrometheusAlert | Pick<RecordingRule, 'record' | 'expr'>;

export interface PrometheusAlert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: AlertRule['labels'];
  readonly annotations: AlertRule['annotations'];
}

const ABOUT: Readonly<Record<RuleFile['name'], string>> = {
  endpoint:
    'Rules per fal endpoint: errors, latency, time-outs, hanging requests, queue. Others read what it records.',
  platform: 'Rules for fal as a whole. They read what endpoint.yml records: load both.',
  account: 'Rules for the fal account: money, locks, keys, slots.',
  meta: 'Rules that watch the watching: the exporter, Prometheus, Alertmanager.',
  slo: 'Error budgets with several windows and burn rates. They read what endpoint.yml records: load both.',
};

const NOT_LOADED = `
Optional: a pattern such as rules/*.yml does not pick it up. To use it, switch FalFastBurn and FalSlowBurn on in
fal-alerts.yml, or name this file in rule_files as it is.`;

/**
 * Rule files for Prometheus, one per scope. `optional` holds files that are shipped but not in force: they go to a
 * folder of their own.
 */
export function prometheusFiles(pack: Pack, optional: Pack = []): GeneratedFile[] {
  return [
    ...pack.map((file) => ruleFile(`prometheus/${file.name}.yml`, ABOUT[file.name], file)),
    ...optional.map((file) =>
      ruleFile(`prometheus/optional/${file.name}.yml`, `${ABOUT[file.name]}\n${NOT_LOADED}`, file),
    ),
  ];
}

function ruleFile(path: string, about: string, file: RuleFile): GeneratedFile {
  return generatedYaml(path, about, { groups: prometheusGroups(file) });
}

/** The groups of one file, keys in the order in which people read a rule. */
export function prometheusGroups({ groups }: RuleFile): PrometheusGroup[] {
  return groups.map(({ name, intervalSeconds, rules }) => ({
    name,
    ...(intervalSeconds === undefined ? {} : { interval: promDuration(intervalSeconds) }),
    rules: rules.map(prometheusRule),
  }));
}

function prometheusRule(rule: Rule): PrometheusRule {
  if (rule.kind === 'recording') return { record: rule.record, expr: rule.expr };
  const { alert, expr, forSeconds, keepFiringForSeconds, labels, annotations } = rule;
  return {
    alert,
    expr,
    ...(forSeconds === 0 ? {} : { for: promDuration(forSeconds) }),
    ...(keepFiringForSeconds === undefined ? {} : { keep_firing_for: promDuration(keepFiringForSeconds) }),
    labels,
    annotations,
  };
}
