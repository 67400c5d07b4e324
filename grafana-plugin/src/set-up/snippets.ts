import { t } from '../language/translate.ts';
import type { Snippet } from './check.ts';

/** The exporter in one command, with Prometheus and Alertmanager. */
export function composeSnippet(): Snippet {
  return {
    title: t(
      'set-up.snippet.compose',
      'Shell, in the folder of fal-observability: exporter, Prometheus, Alertmanager',
    ),
    text: 'FAL_KEY=<key_id>:<key_secret> docker compose up -d',
  };
}

export function scrapeExporterSnippet(): Snippet {
  return {
    title: t('set-up.snippet.scrape-exporter', 'prometheus.yml: scrape the exporter'),
    text: `scrape_configs:
  - job_name: fal-exporter
    static_configs:
      - targets: ['fal-exporter.example:10464']
`,
  };
}

export function newExporterSnippet(): Snippet {
  return {
    title: t(
      'set-up.snippet.new-exporter',
      'Shell, in the folder of fal-observability: build and start the new exporter',
    ),
    text: 'git pull && docker compose up -d --build exporter',
  };
}

export function falKeySnippet(): Snippet {
  return {
    title: t('set-up.snippet.fal-key', 'Shell: your own account instead of the simulation'),
    text: 'FAL_KEY=<key_id>:<key_secret> docker compose up -d exporter',
  };
}

export function adminKeySnippet(): Snippet {
  return {
    title: t('set-up.snippet.admin-key', 'Shell: a key with ADMIN scope, made at fal.ai/dashboard/keys'),
    text: 'FAL_KEY=<key_id>:<key_secret> FAL_ADMIN_KEY=<key_id>:<key_secret> docker compose up -d exporter',
  };
}

export function probesSnippet(): Snippet {
  return {
    title: t(
      'set-up.snippet.probes',
      'fal-exporter.yml: one free probe, and one that runs a model within a budget',
    ),
    text: `probes:
  - { name: hosts, tier: free, interval: 1m }
  - name: flux-schnell
    endpoint_id: fal-ai/flux/schnell
    tier: inference
    interval: 5m
    timeout: 45s
    input: { prompt: status probe, num_inference_steps: 1, image_size: square }
budget: { per_hour_usd: 0.10, per_day_usd: 1, per_month_usd: 20 }
`,
  };
}

export function exporterCheckSnippet(): Snippet {
  return {
    title: t(
      'set-up.snippet.exporter-check',
      'Shell, where the exporter runs: what is wrong with keys and configuration',
    ),
    text: 'npx fal-exporter check',
  };
}

export function instrumentationSnippet(): Snippet {
  return {
    title: t('set-up.snippet.instrumentation', 'Shell: your app, measured without a change of its code'),
    text: `npm install opentelemetry-instrumentation-fal @opentelemetry/sdk-node
node --import opentelemetry-instrumentation-fal/register app.js
`,
  };
}

export function scrapeAppSnippet(): Snippet {
  return {
    title: t('set-up.snippet.scrape-app', 'prometheus.yml: scrape your app'),
    text: `scrape_configs:
  - job_name: fal-app
    static_configs:
      - targets: ['your-app.example:9464']
`,
  };
}

export function ruleFilesSnippet(): Snippet {
  return {
    title: t(
      'set-up.snippet.rule-files',
      'prometheus.yml: the files of alert-rules/prometheus, copied beside it',
    ),
    text: `rule_files:
  - fal-rules/*.yml
`,
  };
}

export function pagerDutySnippet(): Snippet {
  return {
    title: t(
      'set-up.snippet.pagerduty',
      'Shell: the key of a PagerDuty service (Events API v2), then a fire drill',
    ),
    text: `printf '%s' '<integration key>' > secrets/pagerduty_routing_key
docker compose up -d
npx fal-exporter drill outage --synthetic
`,
  };
}

export function alertmanagerSnippet(): Snippet {
  return {
    title: t('set-up.snippet.alertmanager', 'prometheus.yml: send alerts to Alertmanager'),
    text: `alerting:
  alertmanagers:
    - static_configs:
        - targets: ['alertmanager.example:9093']
`,
  };
}

/** `seconds` is the interval at which Prometheus scrapes. */
export function timeIntervalSnippet(seconds: number): Snippet {
  return {
    title: t('set-up.snippet.time-interval', 'provisioning/datasources: the interval of the data source'),
    text: `jsonData:
  timeInterval: ${seconds}s
`,
  };
}
