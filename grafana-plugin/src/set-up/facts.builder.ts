import type { Answer, Ask } from '../prometheus/ask.ts';
import type { FailureKind } from '../prometheus/failure.ts';
import { perQuestion } from '../prometheus/questions.ts';
import type { AlertingRule } from '../prometheus/rules.ts';
import type { Sample } from '../prometheus/sample.ts';
import { type Facts, NEEDED_ALWAYS, NEEDED_WITH_MODELS, QUESTIONS } from './facts.ts';
import { OUR_ALERTS } from './our-alerts.ts';

/** Facts for tests: an installation in which everything is as it should be, and ways to break it. */

export function sample(labels: Readonly<Record<string, string>>, value = 1): Sample {
  return { labels, value };
}

export function answered<T>(value: T): Answer<T> {
  return { kind: 'answered', value };
}

export function failed(kind: FailureKind, detail = ''): Answer<never> {
  return { kind: 'failed', failure: { kind, detail } };
}

export function rule(name: string, health = 'ok'): AlertingRule {
  return { name, group: 'fal', health, annotations: {}, alerts: [] };
}

const AT = { job: 'fal-exporter', instance: 'exporter:10464' };

const WELL: Partial<Record<keyof typeof QUESTIONS, readonly Sample[]>> = {
  exporters: [sample({ ...AT, version: '0.1.0' })],
  exportersSeen: [sample(AT)],
  families: [...NEEDED_ALWAYS, ...NEEDED_WITH_MODELS].map((name) => sample({ __name__: name })),
  modelProbes: [sample({}, 8)],
  demo: [sample(AT, 0)],
  balances: [sample({ account: 'production' }, 42)],
  balanceAge: [sample(AT, 30)],
  balanceInterval: [sample(AT, 60)],
  probes: [sample({ account: 'production', probe: 'flux' }, 300)],
  probesRun: [sample({ account: 'production', probe: 'flux' }, 1e9)],
  apps: [sample({ job: 'shop', otel_scope_version: '0.1.0' }, 4)],
  appModels: [sample({}, 3)],
  appsSeen: [sample({ job: 'shop' })],
  scrapeInterval: [sample(AT, 15)],
  delivered: [sample({ integration: 'pagerduty' }, 2)],
};

type Change = Partial<Record<keyof typeof QUESTIONS, readonly Sample[] | Answer<Sample[]>>>;

/** Everything in order, but for the samples (or failures) in `change` and the other facts in `rest`. */
export function factsWith(change: Change = {}, rest: Partial<Omit<Facts, 'answers'>> = {}): Facts {
  const answers = perQuestion(QUESTIONS, (_, question) => {
    const value = change[question] ?? WELL[question] ?? [];
    return 'kind' in value ? value : answered([...value]);
  });
  return {
    dataSource: { uid: 'p', name: 'Prometheus', type: 'prometheus', isDefault: true, timeInterval: '15s' },
    alive: answered([sample({})]),
    serverVersion: '3.5.0',
    rules: answered(OUR_ALERTS.map((name) => rule(name))),
    grafanaRules: answered([]),
    alertmanagers: answered(1),
    ...rest,
    answers,
  };
}

/** A data source that answers every path with the body that `bodies` has for it, and all else with 404. */
export function askWith(bodies: Readonly<Record<string, unknown>>): Ask {
  return (path) =>
    Promise.resolve(Object.hasOwn(bodies, path) ? answered(bodies[path]) : failed('not_found'));
}
