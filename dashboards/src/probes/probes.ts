import {
  columns,
  joinedBy,
  stat,
  stateTimeline,
  statusHistory,
  table,
  timeSeries,
  type DashboardSpec,
  type Placed,
} from '../grafana/index.ts';
import { LATENCY_STEPS } from '../promql/limits.ts';
import { account, model } from '../promql/selectors.ts';
import { failureRatio, latency, maxBy, PROBES, quantileOf, RANGE, sumBy, WINDOW } from '../promql/traffic.ts';
import { FAULT_COLORS } from '../verdict/fault-colors.ts';

const NO_RUN = 'No paid probe ran: configure one with tier: inference, and look at skipped runs below';
const GOOD_OR_BAD = {
  thresholds: [{ color: 'red' }, { from: 1, color: 'green' }],
  words: [
    { at: 1, text: 'good', color: 'green' },
    { at: 0, text: 'bad', color: 'red' },
  ],
} as const;

/** What our own runs saw, what they cost, and why some did not run. */
export const probes: DashboardSpec = {
  uid: 'fal-probes',
  title: 'fal Probes',
  description: 'What the exporter’s own runs saw, what they cost, and why some of them did not run.',
  tag: 'probes',
  revision: 1,
  hasWindow: true,
  rows: [
    { panels: [upNow(), ...budgetTiles()] },
    { title: 'What they saw', panels: results() },
    { title: 'How long they took', panels: durations() },
    { title: 'Why some did not run', panels: [skipped(), lastRuns()] },
    { title: 'Hosts of fal', panels: hosts() },
  ],
};

function upNow(): Placed {
  return stat({
    title: 'Probes that are bad now',
    description:
      'Probes whose last run was bad. One is a blip until it is bad again; all of them: fal, your account, or your network.',
    width: 6,
    height: 4,
    queries: [
      {
        expr: `count(${maxBy(['probe'], account('fal_probe_up'))} == 0) or count(${account('fal_probe_up')}) * 0`,
        legend: 'bad',
        isInstant: true,
      },
    ],
    unit: 'short',
    decimals: 0,
    noData: 'No probe has run yet',
    thresholds: [{ color: 'green' }, { from: 1, color: 'orange' }],
  });
}

/** Money that the probes may still spend. They stop at 0, whatever is configured. */
function budgetTiles(): Placed[] {
  const left = (['hour', 'day', 'month'] as const).map((window) =>
    stat({
      title: `Budget left, ${window}`,
      description: `What probes may still spend in the running ${window}. At 0 paid probes stop until the window moves: raise budget.per_${window}_usd, or the intervals.`,
      width: 4,
      height: 4,
      queries: [
        {
          expr: `min(${account('fal_probe_budget_remaining_usd', `window="${window}"`)})`,
          legend: 'left',
          isInstant: true,
        },
      ],
      unit: 'currencyUSD',
      decimals: 3,
      noData: 'No exporter is scraped',
      thresholds: [{ color: 'orange' }, { from: 0.001, color: 'green' }],
    }),
  );
  const spent = stat({
    title: 'Spent by probes in this range',
    description: 'As booked in the exporters’ ledgers; an unknown price counts as the configured worst case.',
    width: 6,
    height: 4,
    queries: [
      {
        expr: `sum(increase(${account('fal_probe_spend_usd_total')}[${RANGE}]))`,
        legend: 'spent',
        isInstant: true,
      },
    ],
    unit: 'currencyUSD',
    decimals: 3,
    noData: 'No exporter is scraped',
    color: 'text',
  });
  return [...left, spent];
}

function results(): Placed[] {
  return [
    statusHistory({
      title: 'Last run of each probe',
      description:
        'A cell is the result of the newest run at that time. Single bad cells are blips. Empty: no run, see below why.',
      width: 12,
      height: 8,
      queries: [{ expr: maxBy(['probe'], account('fal_probe_up')), legend: '{{probe}}' }],
      unit: 'none',
      noData: 'No probe has run in this range',
      ...GOOD_OR_BAD,
      hasLegend: false,
      maxDataPoints: 80,
    }),
    timeSeries({
      title: 'Errors of probes by whose fault, over $window',
      description:
        'app: the input of the probe needs mending; account: key, balance, limits; model and platform: fal.',
      width: 6,
      height: 8,
      queries: [
        {
          expr: `${sumBy(['fault'], `increase(${account('fal_probe_errors_total')}[${WINDOW}])`)} > 0`,
          legend: '{{fault}}',
        },
      ],
      unit: 'short',
      min: 0,
      noData: 'No errors of probes in this range',
      isStacked: true,
      draw: 'bars',
      overrides: FAULT_COLORS,
    }),
    timeSeries({
      title: 'Errors of probes by type, over $window',
      description: 'What came back. The meaning of each type, and whose fault it is, stands in METRICS.md.',
      width: 6,
      height: 8,
      queries: [
        {
          expr: `${sumBy(['probe', 'error_type'], `increase(${account('fal_probe_errors_total')}[${WINDOW}])`)} > 0`,
          legend: '{{probe}}: {{error_type}}',
        },
      ],
      unit: 'short',
      min: 0,
      noData: 'No errors of probes in this range',
      isStacked: true,
      draw: 'bars',
    }),
  ];
}

function durations(): Placed[] {
  return [
    timeSeries({
      title: 'Duration P95 by probe, over $window',
      description: 'From start to result or time-out. The line is the default limit of the alert.',
      width: 8,
      height: 8,
      queries: [{ expr: latency(PROBES, 0.95, ['probe'], WINDOW), legend: '{{probe}}' }],
      unit: 's',
      noData: NO_RUN,
      isLogarithmic: true,
      thresholds: LATENCY_STEPS,
      thresholdLines: 'line',
    }),
    timeSeries({
      title: 'Queue wait P95 by probe, over $window',
      description:
        'From accepted until first seen running, a runner start included. High: cold starts, or fal lacks capacity.',
      width: 8,
      height: 8,
      queries: [
        {
          expr: quantileOf(0.95, model('fal_probe_queue_wait_seconds_bucket'), ['probe'], WINDOW),
          legend: '{{probe}}',
        },
      ],
      unit: 's',
      noData: NO_RUN,
      isLogarithmic: true,
    }),
    timeSeries({
      title: 'Inference P95 by probe, over $window',
      description: 'Run time as fal reports it. The same input each time: a climb is the model’s.',
      width: 8,
      height: 8,
      queries: [
        {
          expr: quantileOf(0.95, model('fal_probe_inference_seconds_bucket'), ['probe'], WINDOW),
          legend: '{{probe}}',
        },
      ],
      unit: 's',
      noData: NO_RUN,
      isLogarithmic: true,
    }),
  ];
}

function skipped(): Placed {
  return timeSeries({
    title: 'Skipped runs by reason, over $window',
    description:
      'Our own decisions. budget: raise it or the interval; slots: the last free slot is yours; locked: fal refuses the account; fresh_traffic: your own requests told enough; standby: another exporter probes.',
    width: 10,
    height: 9,
    queries: [
      {
        expr: `${sumBy(['probe', 'reason'], `increase(${account('fal_probe_skipped_total')}[${WINDOW}])`)} > 0`,
        legend: '{{probe}}: {{reason}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'No run was skipped in this range',
    isStacked: true,
    draw: 'bars',
  });
}

function lastRuns(): Placed {
  const instant = { legend: '', isInstant: true, format: 'table' } as const;
  return table({
    title: 'Every probe: last run, interval, failures',
    description:
      'A last run older than three intervals: the probe does not run, and its silence is no good news.',
    width: 14,
    height: 9,
    queries: [
      { ...instant, refId: 'up', expr: maxBy(['probe'], account('fal_probe_up')) },
      {
        ...instant,
        refId: 'last',
        expr: `${maxBy(['probe'], account('fal_probe_last_run_timestamp_seconds'))} * 1000`,
      },
      { ...instant, refId: 'interval', expr: maxBy(['probe'], account('fal_probe_interval_seconds')) },
      { ...instant, refId: 'timeout', expr: maxBy(['probe'], account('fal_probe_timeout_seconds')) },
      { ...instant, refId: 'failing', expr: failureRatio(PROBES, ['probe'], RANGE) },
    ],
    unit: 's',
    decimals: 0,
    noData: 'No probe is configured, or no exporter is scraped',
    transformations: [
      joinedBy('probe'),
      ...columns([
        ['probe', 'Probe'],
        ['Value #up', 'Last result'],
        ['Value #last', 'Last run'],
        ['Value #interval', 'Every'],
        ['Value #timeout', 'Time-out'],
        ['Value #failing', 'Failing in this range'],
      ]),
    ],
    color: 'text',
    overrides: [
      {
        match: { name: 'Last result' },
        set: {
          unit: 'none',
          mappings: [
            {
              type: 'value',
              options: {
                '0': { text: 'bad', color: 'red', index: 0 },
                '1': { text: 'good', color: 'green', index: 1 },
              },
            },
          ],
          'custom.cellOptions': { type: 'color-text' },
        },
      },
      { match: { name: 'Last run' }, set: { unit: 'dateTimeFromNow' } },
      { match: { name: 'Failing in this range' }, set: { unit: 'percentunit', decimals: 1 } },
    ],
    sortBy: { column: 'Last result', isDescending: false },
  });
}

function hosts(): Placed[] {
  return [
    stateTimeline({
      title: 'Hosts of fal, as free probes see them',
      description:
        'Whether each host answered, at no cost and without a model. All red at once is more likely your own network.',
      width: 12,
      height: 8,
      queries: [{ expr: maxBy(['host'], account('fal_probe_host_up')), legend: '{{host}}' }],
      unit: 'none',
      noData: 'No free probe: configure one with tier: free',
      thresholds: [{ color: 'red' }, { from: 1, color: 'green' }],
      words: [
        { at: 1, text: 'answers', color: 'green' },
        { at: 0, text: 'silent', color: 'red' },
      ],
      hasLegend: false,
    }),
    timeSeries({
      title: 'Response time of the hosts',
      description: 'Network and gateway, without queue and model. High here and everywhere: your way to fal.',
      width: 12,
      height: 8,
      queries: [{ expr: maxBy(['host'], account('fal_probe_host_response_seconds')), legend: '{{host}}' }],
      unit: 's',
      noData: 'No free probe: configure one with tier: free',
      isLogarithmic: true,
    }),
  ];
}
