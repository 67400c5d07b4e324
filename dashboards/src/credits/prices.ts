import {
  coloredNumbers,
  columns,
  merged,
  table,
  timeSeries,
  type Placed,
  tableQuery,
  withoutOwner,
} from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { model } from '../promql/selectors.ts';

/** What a unit costs, and what became of it. */
export function prices(): Placed[] {
  return [price(), listPriceUnit()];
}

function price(): Placed {
  return table({
    title: 'Price, change and status per model',
    description:
      'List price of one unit now; what a week of your usage costs more since the price changes of the last seven days; and what fal’s catalogue says: deprecated, plan the move; missing, calls will fail or do already (private apps are never listed).',
    width: 14,
    height: 9,
    queries: [
      tableQuery('price', `max by (endpoint_id, unit) (${model('fal_model_unit_price_usd')})`),
      tableQuery('weekly', `max by (endpoint_id) (${model('fal_model_price_change_weekly_usd')})`),
      tableQuery('status', `max by (endpoint_id, status) (${model('fal_model_status')} == 1)`),
    ],
    unit: 'currencyUSD',
    noData: 'No prices yet: needs a key, and the collector pricing',
    transformations: [
      merged(),
      ...columns([
        ['endpoint_id', 'Model'],
        ['Value #price', 'Price of a unit'],
        ['unit', 'Unit'],
        ['Value #weekly', 'More per week'],
        ['status', 'Status'],
      ]),
    ],
    color: 'text',
    overrides: [
      {
        match: { name: 'More per week' },
        set: {
          decimals: 2,
          ...coloredNumbers([
            { color: 'text' },
            { from: limitOf('FalPriceRaised', 'min_per_week'), color: 'orange' },
          ]),
        },
      },
    ],
    sortBy: { column: 'Model', isDescending: false },
  });
}

function listPriceUnit(): Placed {
  return timeSeries({
    title: 'List price of a unit, and its changes',
    description:
      'A step explains a step in spend without more traffic. Bars are changes that the exporter saw in the hour.',
    width: 10,
    height: 9,
    queries: [
      {
        expr: `max by (endpoint_id, unit) (${model('fal_model_unit_price_usd')})`,
        legend: '{{endpoint_id}} per {{unit}}',
      },
      {
        expr: `max by (endpoint_id, move) (increase(${model('fal_model_price_changes_total')}[1h])) > 0`,
        legend: '{{move}}: {{endpoint_id}}',
      },
    ],
    unit: 'currencyUSD',
    noData: 'No prices yet: needs a key, and the collector pricing',
    isLogarithmic: true,
    overrides: [
      {
        match: { refId: 'B' },
        set: { unit: 'short', decimals: 0, 'custom.drawStyle': 'bars', 'custom.axisPlacement': 'right' },
      },
    ],
    transformations: [withoutOwner()],
  });
}
