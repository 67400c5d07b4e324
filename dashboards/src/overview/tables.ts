import {
  coloredNumbers,
  columns,
  type Override,
  fixedColor,
  joinedBy,
  mappingsOf,
  table,
  type Placed,
  type Query,
  tableQuery,
} from '../grafana/index.ts';
import { toEndpoint } from '../endpoint/link.ts';
import { ERROR_RATIO_STEPS, limitOf } from '../promql/limits.ts';
import { model } from '../promql/selectors.ts';
import {
  APP,
  appElseProbes,
  failureRatio,
  finished,
  latency,
  latencyLimit,
  maxBy,
  quantileOf,
  WINDOW,
  type Traffic,
} from '../promql/traffic.ts';
import { verdictRank } from '../promql/verdict.ts';
import { RANK_WORDS } from '../verdict/verdict-words.ts';

const MODEL = ['endpoint_id'];

function column(refId: string, expressionOf: (traffic: Traffic) => string): Query {
  return tableQuery(refId, appElseProbes(MODEL, expressionOf));
}

/** A good verdict of probes is no good news for a model whose requests fail: half a rank, which has words of its own. */
const OK_FOR_PROBES = 0.5;

function verdictBesideTraffic(): string {
  const rank = verdictRank(MODEL);
  const isFailing = `${failureRatio(APP, MODEL, WINDOW)} > ${limitOf('FalErrorRateHigh')}`;
  return `(((${rank} == 0) and on (endpoint_id) (${isFailing})) + ${OK_FOR_PROBES}) or on (endpoint_id) (${rank})`;
}

function modelQueries(): Query[] {
  return [
    tableQuery('verdict', verdictBesideTraffic()),
    tableQuery('sure', maxBy(MODEL, model('fal_verdict_confidence'))),
    column('finished', (traffic) => `${finished(traffic, MODEL, WINDOW)} > 0`),
    column('failing', (traffic) => failureRatio(traffic, MODEL, WINDOW)),
    column('p50', (traffic) => latency(traffic, 0.5, MODEL, WINDOW)),
    column('p95', (traffic) => latency(traffic, 0.95, MODEL, WINDOW)),
    column('p99', (traffic) => latency(traffic, 0.99, MODEL, WINDOW)),
    tableQuery('limit', latencyLimit(MODEL)),
    column('queue', (traffic) =>
      quantileOf(0.95, traffic.select(`${traffic.queueWait}_bucket`), MODEL, WINDOW),
    ),
  ];
}

const MODEL_COLUMNS: readonly Override[] = [
  {
    match: { name: 'Model' },
    set: {
      unit: 'string',
      'custom.width': 220,
      links: [toEndpoint('${__value.text:percentencode}')],
    },
  },
  {
    match: { name: 'Verdict' },
    set: {
      unit: 'none',
      mappings: mappingsOf([...RANK_WORDS, { at: OK_FOR_PROBES, text: 'OK for probes', color: 'yellow' }]),
      // Without a verdict the cell stays empty, and not green.
      color: fixedColor('transparent'),
      'custom.cellOptions': { type: 'color-background', mode: 'basic' },
      'custom.align': 'left',
      'custom.minWidth': 120,
    },
  },
  { match: { name: 'How sure' }, set: { unit: 'percentunit', decimals: 0 } },
  { match: { name: 'Finished' }, set: { unit: 'short', decimals: 0 } },
  {
    match: { name: 'Failing' },
    set: {
      unit: 'percentunit',
      ...coloredNumbers(ERROR_RATIO_STEPS),
    },
  },
];

/** Every model with its numbers side by side, all over the same window. */
export function modelTable(): Placed {
  return table({
    title: 'Models, last $window',
    description:
      'Your app’s requests, or probe runs where it sent none. Click a model for the anatomy of its latency. P95 above its limit: the alert FalLatencyP95High; empty cells: nothing finished, so nothing can be said.',
    width: 24,
    height: 9,
    queries: modelQueries(),
    unit: 's',
    decimals: 1,
    noData: 'No models: choose the data source above, then check that the exporter or the app is scraped',
    transformations: [
      joinedBy('endpoint_id'),
      ...columns([
        ['endpoint_id', 'Model'],
        ['Value #verdict', 'Verdict'],
        ['Value #sure', 'How sure'],
        ['Value #finished', 'Finished'],
        ['Value #failing', 'Failing'],
        ['Value #p50', 'P50'],
        ['Value #p95', 'P95'],
        ['Value #p99', 'P99'],
        ['Value #limit', 'P95 limit'],
        ['Value #queue', 'Queue P95'],
      ]),
    ],
    color: 'text',
    overrides: MODEL_COLUMNS,
    sortBy: { column: 'Failing', isDescending: true },
  });
}

/** What fires, since when. */
export function alertTable(): Placed {
  return table({
    title: 'Firing alerts',
    description:
      'Alerts of fal-observability in Prometheus, and since when each holds. The runbook of an alert is on the exporter under /runbooks/ and in the page that was sent.',
    width: 24,
    height: 7,
    queries: [
      tableQuery(
        'since',
        'max by (alertname, severity, account, endpoint_id) (ALERTS_FOR_STATE{alertname=~"Fal.+"} and ignoring (alertstate) ALERTS{alertname=~"Fal.+", alertstate="firing"}) * 1000',
      ),
    ],
    unit: 'string',
    noData: 'None of the alerts fires (or the rules are not loaded: see the set-up page of the app)',
    transformations: columns([
      ['alertname', 'Alert'],
      ['severity', 'Severity'],
      ['endpoint_id', 'Model'],
      ['account', 'Account'],
      ['Value', 'Since'],
    ]),
    color: 'text',
    overrides: [
      { match: { name: 'Since' }, set: { unit: 'dateTimeFromNow', 'custom.width': 150 } },
      {
        match: { name: 'Severity' },
        set: {
          'custom.width': 100,
          'custom.cellOptions': { type: 'color-text' },
          mappings: [
            {
              type: 'value',
              options: {
                critical: { color: 'red', index: 0 },
                warning: { color: 'orange', index: 1 },
              },
            },
          ],
        },
      },
    ],
    sortBy: { column: 'Since', isDescending: true },
  });
}
