import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { SHIPPED_CONFIG, substitutedConfig } from './prometheus-config.ts';

interface PrometheusConfig {
  global: Record<string, unknown>;
  rule_files?: string[];
  alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
  scrape_configs: { job_name: string; static_configs?: { targets: string[] }[] }[];
}

const SHIPPED = readFileSync(join(dirname(import.meta.dirname), SHIPPED_CONFIG), 'utf8');
const TARGETS = { 'fal-exporter': ['127.0.0.1:4001', '127.0.0.1:4002'], prometheus: ['127.0.0.1:4003'] };

const parsed = (text: string): PrometheusConfig => parse(text) as PrometheusConfig;

test('the shipped file scrapes the exporter, apps, a drill, Alertmanager and Prometheus itself every 15 seconds, and marks what leaves', () => {
  const { global, scrape_configs: jobs } = parsed(SHIPPED);
  expect(global).toMatchObject({ scrape_interval: '15s', evaluation_interval: '15s' });
  expect(global.external_labels).toEqual({ monitor: 'fal-observability' });
  expect(jobs.map((job) => [job.job_name, job.static_configs])).toEqual([
    ['fal-exporter', [{ targets: ['exporter:10464'] }]],
    ['fal-app', undefined],
    ['fal-drill', undefined],
    ['alertmanager', [{ targets: ['alertmanager:9093'] }]],
    ['prometheus', [{ targets: ['localhost:9090'] }]],
  ]);
});

test('only targets, intervals and the place of the rules change', () => {
  const before = parsed(SHIPPED);
  const after = parsed(
    substitutedConfig(SHIPPED, {
      targets: TARGETS,
      scrapeInterval: '1s',
      evaluationInterval: '2s',
      rulesBase: '/shipped',
      alertmanagers: ['127.0.0.1:4004'],
    }),
  );
  for (const [index, job] of before.scrape_configs.entries()) {
    if (job.static_configs === undefined) continue;
    const all = { ...TARGETS, alertmanager: ['127.0.0.1:4004'] };
    const targets = all[job.job_name as keyof typeof all];
    before.scrape_configs[index] = { ...job, static_configs: [{ targets }] };
  }
  before.alerting.alertmanagers = [{ static_configs: [{ targets: ['127.0.0.1:4004'] }] }];
  expect(after).toEqual({
    ...before,
    global: { ...before.global, scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '2s' },
    rule_files: ['/shipped/rules/*.yml'],
  });
});

test('without an Alertmanager alerts go to nobody, and nobody is scraped in its place', () => {
  const after = parsed(substitutedConfig(SHIPPED, { targets: TARGETS, rulesBase: '/' }));
  expect(after.alerting.alertmanagers).toEqual([{ static_configs: [{ targets: [] }] }]);
  expect(after.scrape_configs.find((job) => job.job_name === 'alertmanager')?.static_configs).toEqual([
    { targets: [] },
  ]);
});

test('other rules can take the place of the shipped ones', () => {
  const ruleFiles = ['/scaled/*.yml'];
  const after = parsed(substitutedConfig(SHIPPED, { targets: TARGETS, rulesBase: '/', ruleFiles }));
  expect(after.rule_files).toEqual(ruleFiles);
});

test('intervals that are not given stay as shipped', () => {
  const after = parsed(substitutedConfig(SHIPPED, { targets: TARGETS, rulesBase: '/' }));
  expect(after.global).toEqual(parsed(SHIPPED).global);
});

test('labels, relabelling and limits of a job survive, its own interval gives way', () => {
  const text = `
scrape_configs:
  - job_name: apps
    scrape_interval: 30s
    scrape_timeout: 20s
    sample_limit: 5
    static_configs:
      - targets: [app:9464]
        labels: { team: pictures }
    metric_relabel_configs:
      - { action: labeldrop, regex: pod }
`;
  const after = parsed(
    substitutedConfig(text, { targets: { apps: ['a:1'] }, scrapeInterval: '1s', rulesBase: '/' }),
  );
  expect(after.scrape_configs).toEqual([
    {
      job_name: 'apps',
      sample_limit: 5,
      static_configs: [{ targets: ['a:1'], labels: { team: 'pictures' } }],
      metric_relabel_configs: [{ action: 'labeldrop', regex: 'pod' }],
    },
  ]);
});

test.each([
  [
    'a job without targets',
    { targets: { prometheus: ['a:1'] } },
    'no targets given for the job fal-exporter',
  ],
  ['targets without a job', { targets: { ...TARGETS, grafana: ['a:1'] } }, 'has no job grafana'],
])('%s is refused', (_, wrong, message) => {
  expect(() => substitutedConfig(SHIPPED, { ...wrong, rulesBase: '/' })).toThrow(message);
});

test.each([
  ['scrape_configs: []\nscrape_configs: []', 'unique'],
  ['global: {}', 'no scrape_configs'],
  ['scrape_configs: [{ scrape_interval: 1s }]', 'scrape_configs[0] has no job_name'],
  ['scrape_configs: [{ job_name: a, file_sd_configs: [] }]', 'exactly one entry of static_configs'],
])('a file that cannot be substituted is refused: %s', (text, message) => {
  expect(() => substitutedConfig(text, { targets: { a: ['b:1'] }, rulesBase: '/' })).toThrow(message);
});
