import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildPack } from '../pack.ts';
import { defaultSettings } from '../settings.ts';
import { operatorFiles } from './operator.ts';
import { prometheusFiles, type PrometheusGroup } from './prometheus.ts';

/** Of the CRD: `for`, `interval`, `scrapeTimeout`. https://github.com/prometheus-operator/prometheus-operator */
const DURATION =
  /^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$/;
const DNS_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}

interface Monitor extends Resource {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly endpoints: readonly {
      readonly port: string;
      readonly interval: string;
      readonly scrapeTimeout: string;
      readonly honorLabels?: boolean;
      readonly relabelings?: readonly Readonly<Record<string, string>>[];
    }[];
  };
}

const SETTINGS = defaultSettings();
const PACK = buildPack({ settings: SETTINGS });
const [RULES, MONITOR] = operatorFiles(PACK, SETTINGS.jobs);
const rules = parse(RULES?.text ?? '', { version: '1.1' }) as Resource & {
  spec: { groups: PrometheusGroup[] };
};
const monitorFor = (exporter: string): Monitor =>
  parse(operatorFiles(PACK, { ...SETTINGS.jobs, exporter })[1]?.text ?? '', { version: '1.1' }) as Monitor;

describe('the PrometheusRule', () => {
  test('holds the groups of all rule files, word for word', () => {
    const groups = prometheusFiles(PACK).flatMap(
      ({ text }) => (parse(text) as { groups: PrometheusGroup[] }).groups,
    );
    expect(rules.spec.groups).toEqual(groups);
  });

  test('has what its definition demands: names, expressions, durations and texts', () => {
    const names = rules.spec.groups.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const rule of rules.spec.groups.flatMap((group) => group.rules)) {
      expect(typeof rule.expr).toBe('string');
      expect('alert' in rule).not.toBe('record' in rule);
      if (!('alert' in rule)) continue;
      expect(rule.for ?? '0').toMatch(DURATION);
      expect(rule.keep_firing_for ?? '1s').toMatch(DURATION);
      const texts = [...Object.values(rule.labels), ...Object.values(rule.annotations)] as unknown[];
      expect(texts.every((text) => typeof text === 'string')).toBe(true);
    }
  });
});

test.each([
  ['PrometheusRule', RULES],
  ['ServiceMonitor', MONITOR],
])('the %s is a resource of monitoring.coreos.com/v1 with names that Kubernetes takes', (kind, file) => {
  const resource = parse(file?.text ?? '') as Resource;
  expect(resource).toMatchObject({ apiVersion: 'monitoring.coreos.com/v1', kind });
  expect(resource.metadata.name).toMatch(DNS_NAME);
  for (const value of Object.values(resource.metadata.labels)) expect(value).toMatch(LABEL_VALUE);
});

describe('the ServiceMonitor', () => {
  test('scrapes the exporter by port name, four times a minute, under the job that the rules ask for', () => {
    const { spec } = monitorFor(SETTINGS.jobs.exporter);
    expect(spec.endpoints).toEqual([
      {
        ...{ port: 'metrics', path: '/metrics', interval: '15s', scrapeTimeout: '10s' },
        relabelings: [{ action: 'replace', targetLabel: 'job', replacement: 'fal-exporter' }],
      },
    ]);
    expect(spec.selector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'fal-exporter' });
  });

  test('takes the first plain name of a pattern of jobs, and leaves the job alone when there is none', () => {
    const jobOf = (pattern: string): unknown =>
      monitorFor(pattern).spec.endpoints[0]?.relabelings?.[0]?.replacement;
    expect(jobOf('fal-.+|monitoring/fal|other')).toBe('monitoring/fal');
    expect(jobOf('fal-.+')).toBeUndefined();
  });

  test('reads the exporter’s own labels: nothing of ours is called as the operator calls its own', () => {
    // The operator writes these onto every series; a label of ours under one of the names would be renamed.
    const ofOperator = /\$labels\.(endpoint|namespace|service|pod|container)\b/;
    expect(RULES?.text).not.toMatch(ofOperator);
  });
});
