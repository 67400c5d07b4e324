import { alert } from '../alert.ts';
import { count, ratio } from '../parameter.ts';
import { APP, RECORDED } from '../sources.ts';

const perModel = (recorded: string): string => `sum by (account, endpoint_id) (${recorded})`;

export const platformDown = alert({
  name: 'FalPlatformDown',
  scope: 'platform',
  severity: 'critical',
  // Shorter than the two minutes of FalErrorRateCritical, so that it fires first and holds back one page per model.
  forSeconds: 60,
  keepFiringForSeconds: 300,
  parameters: {
    share: ratio(0.6, 'share of the models with enough traffic that fail'),
    failing_above: ratio(0.25, 'failures ÷ requests over 2 minutes from which on a model counts as failing'),
    min_requests: count(10, 'requests in 2 minutes from which on a model has enough traffic'),
    min_models: count(3, 'models with enough traffic, below which it stays silent'),
    min_probed: count(2, 'probed models with the verdict platform'),
    confidence: ratio(0.8, 'confidence of the verdict from which on it counts'),
  },
  meaning:
    'At least {share} of {min_models} or more models with traffic fail more than {failing_above} of their requests; or, without such traffic, the exporter’s verdict on {min_probed} or more probed models is platform.',
  rules: (promql, values) => {
    // Summed over jobs: one model that three jobs use is one model.
    const busyModels = `${perModel(RECORDED.requests(APP, '2m'))} >= ${values.min_requests}`;
    const busy = `count by (account) (${busyModels})`;
    const failing = [
      'count by (account) (',
      `    ${perModel(RECORDED.failures(APP, '2m'))}`,
      `    / (${busyModels}) > ${values.failing_above}`,
      '  )',
    ].join('\n');
    const verdict = promql.latest(promql.exporter('fal_verdict', 'verdict="platform"'));
    const confidence = promql.latest(promql.exporter('fal_verdict_confidence'));
    return [
      {
        source: 'app',
        expr: `(\n  ${failing}\n  / ${busy}\n) >= ${values.share}\nand ${busy} >= ${values.min_models}`,
        summary:
          'fal is down: {{ $value | humanizePercentage }} of your models fail (account {{ $labels.account }})',
        description:
          'Most models that your app uses fail at the same time (account {{ $labels.account }}). It is fal, not one model and not you, unless your own network is gone. Switch to your fallback provider, pause batch jobs, watch status.fal.ai. Single alerts per model are held back while this one fires.',
        dashboard: 'fal-overview',
      },
      {
        source: 'probe',
        expr: [
          'count by (account) (',
          `  max by (account, endpoint_id) (${verdict}) == 1`,
          `  and max by (account, endpoint_id) (${confidence}) >= ${values.confidence}`,
          `) >= ${values.min_probed}`,
          // Where the app has traffic enough to tell, it tells: one alert, and not two that come one after the other.
          `unless on (account) ${busy} >= ${values.min_models}`,
        ].join('\n'),
        summary:
          'fal is down: probes of {{ $value | humanize }} models fail, and it is the platform (account {{ $labels.account }})',
        description:
          'The exporter’s probes of {{ $value | humanize }} models fail in a way that points at the platform (account {{ $labels.account }}): not at the models, your key, your account or this network. Its status page tells the evidence. Switch to your fallback provider, pause batch jobs, watch status.fal.ai.',
        dashboard: 'fal-overview',
      },
    ];
  },
});

export const statusIncident = alert({
  name: 'FalStatusIncident',
  scope: 'platform',
  severity: 'info',
  forSeconds: 0,
  parameters: { min_incidents: count(1, 'open incidents with an impact') },
  meaning: 'fal’s official status page reports {min_incidents} or more open incidents with an impact.',
  rules: (promql, { min_incidents: least }) => {
    const incidents = promql.exporter('fal_status_incident', 'impact!="none"');
    return [
      {
        expr: `max by (impact) (${promql.latest(incidents)}) >= ${least}`,
        summary: 'status.fal.ai reports an incident ({{ $labels.impact }})',
        description:
          'fal’s own status page reports {{ $value }} open incident(s) of impact {{ $labels.impact }}. It lags behind by minutes and covers more than what you use: compare with your own traffic and the probes before you act.',
        dashboard: 'fal-overview',
      },
    ];
  },
});
