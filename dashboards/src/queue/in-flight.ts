import {
  coloredNumbers,
  columns,
  DASHED,
  fixedColor,
  joinedBy,
  table,
  timeSeries,
  type Placed,
  tableQuery,
  withoutOwner,
} from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { app, model } from '../promql/selectors.ts';
import { RUNNING_IN_HISTORY, KNOWN_TO_EXPORTER, SLOT_LIMIT } from '../promql/slots.ts';
import { APP, maxBy, RATE_INTERVAL, sumBy } from '../promql/traffic.ts';
import { slots as slotsTile } from './slots-tile.ts';

const STUCK_STEPS = [{ color: 'green' }, { from: limitOf('FalSlotsStuck', 'min_requests'), color: 'red' }];
const OLD_STEPS = [
  { color: 'green' },
  { from: limitOf('FalRequestsStuck', 'min_age') / 3, color: 'yellow' },
  { from: limitOf('FalRequestsStuck', 'min_age'), color: 'orange' },
];
const NO_APP = 'The app is not instrumented, or nothing was ever in flight';

/** The limit of the account, and how much of it is taken. */
export function slots(): Placed[] {
  return [slotsTile({ width: 4, height: 8 }), slotsAgainstLimit(), refusedWith429()];
}

function slotsAgainstLimit(): Placed {
  return timeSeries({
    title: 'Slots against the limit',
    description:
      'What runs, from three witnesses: the exporter’s own count, fal’s request history, and your app. They may differ: requests of others run on the same account. At the limit new requests wait, or are refused with 429.',
    width: 12,
    height: 8,
    queries: [
      { expr: KNOWN_TO_EXPORTER, legend: '{{account}}: known to the exporter' },
      {
        expr: RUNNING_IN_HISTORY,
        legend: '{{account}}: in fal’s request history',
      },
      {
        expr: `sum(${app('fal_client_active_requests', 'state="running"')})`,
        legend: 'running for your app',
      },
      { expr: SLOT_LIMIT, legend: '{{account}}: limit' },
    ],
    unit: 'short',
    decimals: 0,
    min: 0,
    noData: 'No limit and no running request known: set account.concurrency_limit of the exporter',
    overrides: [
      {
        match: { regexp: '/: limit$/' },
        set: { color: fixedColor('orange'), ...DASHED },
      },
    ],
  });
}

function refusedWith429(): Placed {
  return timeSeries({
    title: 'Refused with 429, per second',
    description:
      'Exchanges of your app that fal refused for the limit. Above 5 % of the requests an alert tells: send through the queue, or lower your concurrency.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: sumBy(
          ['endpoint_id'],
          `rate(${app('fal_client_attempts_total', 'status="429"')}[${RATE_INTERVAL}])`,
        ),
        legend: '{{endpoint_id}}',
      },
    ],
    unit: 'reqps',
    min: 0,
    noData: 'None refused in this range, as it should be',
    draw: 'bars',
    isStacked: true,
    transformations: [withoutOwner()],
  });
}

/** Requests that have not finished, by where they stand. */
export function inFlight(): Placed[] {
  return [requestsInFlight(), oldestRequestInFlight(), placeInQueue()];
}

function requestsInFlight(): Placed {
  return timeSeries({
    title: 'Requests in flight, by state',
    description:
      'Many queued with few running: the limit or a lack of capacity holds them. Many fetching: the gateway answers slowly. Submitting for long: no way to fal.',
    width: 8,
    height: 8,
    queries: [{ expr: sumBy(['state'], app('fal_client_active_requests')), legend: '{{state}}' }],
    unit: 'short',
    min: 0,
    softMax: 1,
    noData: NO_APP,
    isStacked: true,
  });
}

function oldestRequestInFlight(): Placed {
  return timeSeries({
    title: 'Oldest request in flight, by model',
    description:
      'A line that climbs at one second per second is one request that hangs: ratios and quantiles never see it. Cancel it, or let your app give up.',
    width: 8,
    height: 8,
    queries: [
      {
        expr: maxBy(['endpoint_id'], APP.select('fal_client_oldest_request_age_seconds')),
        legend: '{{endpoint_id}}',
      },
    ],
    unit: 's',
    min: 0,
    noData: NO_APP,
    thresholds: OLD_STEPS,
    thresholdLines: 'line',
    transformations: [withoutOwner()],
  });
}

function placeInQueue(): Placed {
  return timeSeries({
    title: 'Place in the queue, by model',
    description:
      'Requests ahead of the one that waits longest, as fal told last. Unchanged for minutes: the queue stands still. It falls steadily: wait.',
    width: 8,
    height: 8,
    queries: [{ expr: maxBy(['endpoint_id'], app('fal_client_queue_position')), legend: '{{endpoint_id}}' }],
    unit: 'short',
    decimals: 0,
    min: 0,
    softMax: 1,
    noData: 'Nothing of an app waits in a queue, or fal tells no place',
    transformations: [withoutOwner()],
  });
}

/** Requests that hold a slot for nothing. */
export function stuck(): Placed[] {
  return [perModel(), stuckRequestsByModel()];
}

function perModel(): Placed {
  return table({
    title: 'Per model: running, oldest, stuck',
    description:
      'Running and stuck as fal’s request history tells (needs FAL_ADMIN_KEY), oldest as your app knows. Stuck above 0: each holds a slot of the account; cancel by request id, or write to support with the ids.',
    width: 12,
    height: 8,
    queries: [
      tableQuery('running', maxBy(['endpoint_id'], model('fal_account_running_requests'))),
      tableQuery('stuck', maxBy(['endpoint_id'], model('fal_account_stuck_requests'))),
      tableQuery('oldest', maxBy(['endpoint_id'], APP.select('fal_client_oldest_request_age_seconds'))),
    ],
    unit: 'short',
    decimals: 0,
    noData: 'Nothing is known to run: needs FAL_ADMIN_KEY, or an instrumented app',
    transformations: [
      joinedBy('endpoint_id'),
      ...columns([
        ['endpoint_id', 'Model'],
        ['Value #running', 'Running'],
        ['Value #stuck', 'Stuck'],
        ['Value #oldest', 'Oldest'],
      ]),
    ],
    color: 'text',
    overrides: [
      { match: { name: 'Oldest' }, set: { unit: 's' } },
      {
        match: { name: 'Stuck' },
        set: coloredNumbers(STUCK_STEPS),
      },
    ],
    sortBy: { column: 'Stuck', isDescending: true },
  });
}

function stuckRequestsByModel(): Placed {
  return timeSeries({
    title: 'Stuck requests by model',
    description:
      'Requests that fal lists as running far longer than the model needs. They come from revoked runners and lost results; each holds a slot until it is cancelled.',
    width: 12,
    height: 8,
    queries: [
      {
        expr: maxBy(['account', 'endpoint_id'], model('fal_account_stuck_requests')),
        legend: '{{endpoint_id}} ({{account}})',
      },
    ],
    unit: 'short',
    decimals: 0,
    min: 0,
    softMax: 1,
    noData: 'Needs FAL_ADMIN_KEY and the collector request-history',
    thresholds: STUCK_STEPS,
    thresholdLines: 'line',
    transformations: [withoutOwner()],
  });
}
