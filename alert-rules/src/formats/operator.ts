import type { Pack } from '../pack.ts';
import type { Jobs } from '../promql.ts';
import { type GeneratedFile, generatedYaml } from './generated-file.ts';
import { prometheusGroups } from './prometheus.ts';

const NAME = 'fal-exporter';

const ABOUT_RULES = `
All rules for Prometheus Operator (PrometheusRule, monitoring.coreos.com/v1).
Apply it with kubectl as it is; as a Helm template its braces would be read as Helm's own.
If your Prometheus has a ruleSelector, add the label that it asks for, such as release: kube-prometheus-stack.`;

const ABOUT_MONITOR = `
How Prometheus Operator finds and scrapes the exporter (ServiceMonitor, monitoring.coreos.com/v1).
It expects a Service with label app.kubernetes.io/name: fal-exporter and a port named metrics, in this namespace.
If your Prometheus has a serviceMonitorSelector, add the label that it asks for.`;

/** The same rules and the scrape of the exporter for Prometheus Operator. */
export function operatorFiles(pack: Pack, jobs: Jobs): GeneratedFile[] {
  return [
    generatedYaml('operator/prometheus-rule.yml', ABOUT_RULES, prometheusRule(pack)),
    generatedYaml('operator/service-monitor.yml', ABOUT_MONITOR, serviceMonitor(jobs)),
  ];
}

function prometheusRule(pack: Pack): unknown {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: metadata('fal-alert-rules'),
    spec: { groups: pack.flatMap(prometheusGroups) },
  };
}

function serviceMonitor({ exporter }: Jobs): unknown {
  const job = exporter.split('|').find(isPlainName);
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: metadata(NAME),
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': NAME } },
      endpoints: [
        {
          port: 'metrics',
          path: '/metrics',
          interval: '15s',
          scrapeTimeout: '10s',
          // The operator names the job after the Service. The rules ask for the job by name.
          ...(job === undefined
            ? {}
            : { relabelings: [{ action: 'replace', targetLabel: 'job', replacement: job }] }),
        },
      ],
    },
  };
}

function isPlainName(pattern: string): boolean {
  return /^[\w.:/ -]+$/.test(pattern);
}

function metadata(name: string): unknown {
  return {
    name,
    labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'fal-observability' },
  };
}
