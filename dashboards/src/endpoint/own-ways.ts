import { timeSeries, type Placed, withoutOwner } from '../grafana/index.ts';
import { app } from '../promql/selectors.ts';
import { quantileOf, RATE_INTERVAL, sumBy, WINDOW } from '../promql/traffic.ts';

const MODEL = ['endpoint_id'];

/** What only some apps do: streams, realtime, a fallback provider, billed units. */
export function ownWays(): Placed[] {
  return [firstChunk(), realtime(), fallbacks(), units()];
}

function firstChunk(): Placed {
  return timeSeries({
    title: 'First piece of a stream, P95',
    description:
      'How long a streaming caller waited for the first piece: what a user feels. The whole duration says little of a stream.',
    width: 6,
    height: 8,
    queries: [
      {
        expr: quantileOf(0.95, app('fal_client_time_to_first_chunk_seconds_bucket'), MODEL, WINDOW),
        legend: '{{endpoint_id}}',
      },
    ],
    unit: 's',
    noData: 'The app streamed nothing in this range',
    isLogarithmic: true,
    transformations: [withoutOwner()],
  });
}

function realtime(): Placed {
  return timeSeries({
    title: 'Realtime, per second',
    description:
      'Connections begun and messages by direction. Sent growing and received not: the model does not answer. Connections growing with as many users: they break.',
    width: 6,
    height: 8,
    queries: [
      {
        expr: sumBy(['direction'], `rate(${app('fal_client_realtime_messages_total')}[${RATE_INTERVAL}])`),
        legend: 'messages {{direction}}',
      },
      {
        expr: sumBy([], `rate(${app('fal_client_realtime_connections_total')}[${RATE_INTERVAL}])`),
        legend: 'connections begun',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'The app has no realtime connections',
  });
}

function fallbacks(): Placed {
  return timeSeries({
    title: 'Fallbacks, open circuits',
    description:
      'Calls that the app handed to another provider, per second, and models whose circuit breaker is open: nothing is sent to those, so their error ratio is silent.',
    width: 6,
    height: 8,
    queries: [
      {
        expr: sumBy(['provider', 'outcome'], `rate(${app('fal_client_fallbacks_total')}[${RATE_INTERVAL}])`),
        legend: '{{provider}}: {{outcome}}',
      },
      {
        expr: `max by (endpoint_id) (${app('fal_client_circuit_state', 'state="open"')})`,
        legend: 'circuit open: {{endpoint_id}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'The app reports no fallbacks and no circuit breaker',
    transformations: [withoutOwner()],
  });
}

function units(): Placed {
  return timeSeries({
    title: 'Billed units, per second',
    description:
      'Units that fal says it bills, as told with the results. Different units are never added up. More units with as many requests: larger inputs or outputs.',
    width: 6,
    height: 8,
    queries: [
      {
        expr: sumBy(
          ['endpoint_id', 'unit'],
          `rate(${app('fal_client_billable_units_total')}[${RATE_INTERVAL}])`,
        ),
        legend: '{{endpoint_id}} {{unit}}',
      },
    ],
    unit: 'short',
    min: 0,
    noData: 'fal told no units in this range, or the app is not instrumented',
    transformations: [withoutOwner()],
  });
}
