import { basename } from 'node:path';
import type { AlertRule, RecordingRule } from '../src/pack.ts';
import type { Check } from './expression-checks.ts';
import { isAlert, type Situation } from './pack-facts.ts';

const SEVERITIES = ['critical', 'warning', 'info', 'none'];
const SCOPES = ['endpoint', 'platform', 'account', 'meta'];
const SOURCES = ['app', 'probe'];

/** Longest `for` in seconds: beyond it an alert is a report. */
const LONGEST_FOR: Readonly<Record<string, number>> = {
  critical: 1800,
  warning: 10_800,
  info: 3600,
  none: 0,
};

/** Set by the server that evaluates or by whoever stores for several of them. */
const RESERVED_LABELS = [
  'monitor',
  'cluster',
  'replica',
  'prometheus',
  'alertname',
  'alertstate',
  'job',
  'instance',
  'le',
];

const ANNOTATIONS = ['summary', 'description', 'runbook_url', 'dashboard_url'];
const FUNCTIONS = ['humanize', 'humanizePercentage', 'humanizeDuration', 'urlquery', 'printf'];
const MAX_SUMMARY = 200;

const ofAlerts =
  (complaints: (rule: AlertRule, situation: Situation) => string[]): Check =>
  (situation) =>
    isAlert(situation.rule) ? complaints(situation.rule, situation) : [];

const ofRecordings =
  (complaints: (rule: RecordingRule) => string[]): Check =>
  ({ rule }) =>
    isAlert(rule) ? [] : complaints(rule);

export const TEXT_CHECKS: Readonly<Record<string, Check>> = {
  'is named like the others': ofAlerts(({ alert }) =>
    alert === 'Watchdog' || /^Fal([A-Z][a-z0-9]*\d*)+$/.test(alert)
      ? []
      : [`${alert} is not CamelCase after Fal`],
  ),

  'is recorded under level:metric:operations': ofRecordings(({ record }) =>
    /^(endpoint|account|platform|job):fal_[a-z0-9_]+:[a-z0-9_]+$/.test(record) && !record.includes('_total:')
      ? []
      : [`${record} is not level:metric:operations`],
  ),

  'has severity and scope from the closed lists': ofAlerts(({ labels }) => [
    ...unlisted('severity', labels.severity, SEVERITIES),
    ...unlisted('scope', labels.scope, SCOPES),
    ...(labels.source === undefined ? [] : unlisted('source', labels.source, SOURCES)),
  ]),

  'sets no label that belongs to others': ofAlerts(({ labels }) =>
    Object.keys(labels)
      .filter((label) => RESERVED_LABELS.includes(label))
      .map((label) => `sets ${label}`),
  ),

  'has constant labels': ofAlerts(({ labels }) =>
    Object.entries(labels)
      .filter(([, value]) => value.includes('{{') || value.includes('$') || value === '')
      .map(([label, value]) => `${label} is ${JSON.stringify(value)}: its value belongs into an annotation`),
  ),

  'has the four annotations and no other': ofAlerts(({ annotations }) => {
    const names = Object.keys(annotations);
    return [
      ...ANNOTATIONS.filter((name) => !names.includes(name)).map((name) => `lacks ${name}`),
      ...names.filter((name) => !ANNOTATIONS.includes(name)).map((name) => `has ${name}`),
      ...Object.entries(annotations).flatMap(([name, text]) =>
        text.trim() === '' ? [`${name} is empty`] : [],
      ),
    ];
  }),

  'links to its own runbook': ofAlerts(({ alert, annotations }) =>
    basename(annotations.runbook_url) === alert ? [] : [`links to ${annotations.runbook_url}`],
  ),

  'has a summary that fits a pager': ofAlerts(({ annotations: { summary } }) => {
    const withoutActions = summary.replace(/\{\{.*?\}\}/g, 'xxxxxxxx');
    return summary.includes('\n') || withoutActions.length > MAX_SUMMARY
      ? ['summary is not one short line']
      : [];
  }),

  'waits neither too long nor not at all': ofAlerts(({ forSeconds, labels }) => {
    const longest = LONGEST_FOR[labels.severity ?? ''] ?? 0;
    return forSeconds <= longest ? [] : [`waits ${forSeconds}s, more than ${longest}s`];
  }),

  'has templates that Prometheus and Grafana read alike': ofAlerts(({ annotations }) =>
    Object.values(annotations).flatMap((text) => [
      ...brokenBraces(text),
      ...actionsOf(text).flatMap(brokenAction),
    ]),
  ),

  'uses in templates only labels that survive': ofAlerts(({ annotations, labels }, { facts }) => {
    const used = Object.values(annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)]);
    const known = new Set([...facts.labels, ...Object.keys(labels)]);
    return [...new Set(used.map(([, label = '']) => label))]
      .filter((label) => !known.has(label))
      .map((label) => `its samples have no label ${label}`);
  }),

  'shows no number with a fraction as it is': ofAlerts(({ annotations }, { isWhole }) => {
    const bare = Object.values(annotations)
      .flatMap(actionsOf)
      .filter((action) => action.trim() === '$value');
    return isWhole || bare.length === 0 ? [] : ['{{ $value }} may have fifteen digits'];
  }),

  'carries what grouping and inhibition compare': ofAlerts(({ labels }, { facts }) => {
    const needed = { endpoint: ['account', 'endpoint_id'], account: ['account'] }[labels.scope ?? ''] ?? [];
    return needed.filter((label) => !facts.labels.has(label)).map((label) => `its samples have no ${label}`);
  }),
};

function unlisted(label: string, value: string | undefined, list: readonly string[]): string[] {
  return value !== undefined && list.includes(value) ? [] : [`${label} is ${value ?? 'missing'}`];
}

function actionsOf(text: string): string[] {
  return [...text.matchAll(/\{\{(.*?)\}\}/gs)].map(([, action = '']) => action);
}

function brokenBraces(text: string): string[] {
  return /\{\{|\}\}/.test(text.replace(/\{\{[^{}]*\}\}/g, '')) ? [`unbalanced braces in ${text}`] : [];
}

/** The subset that we write: a label or the value, through functions that both know. */
function brokenAction(action: string): string[] {
  const [subject = '', ...steps] = action.split('|').map((part) => part.trim());
  const isKnown = /^(\.|end|else|(with )?\$(value|labels\.[a-z_]+))$/.test(subject);
  const unknown = steps.filter((step) => !FUNCTIONS.includes(step.split(' ')[0] ?? ''));
  return [
    ...(isKnown ? [] : [`{{ ${subject} }} is not a label or the value`]),
    ...unknown.map((step) => `no function ${step} in both`),
  ];
}
