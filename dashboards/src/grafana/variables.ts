import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './query.ts';

/** Families that every exporter, or every instrumented app, has: where the choices come from. */
const EVERYBODY = '{__name__=~"fal_exporter_build_info|fal_client_requests_total"}';
const WITH_MODEL = '{__name__=~"fal_endpoint_latency_limit_seconds|fal_client_requests_total", job=~"$job"}';
const WITH_ACCOUNT =
  '{__name__=~"fal_endpoint_latency_limit_seconds|fal_account_balance_threshold_usd", job=~"$job"}';

const BUSIEST_FIRST = `query_result(sort_desc(sum by (endpoint_id) (increase(fal_client_requests_total{job=~"$job", endpoint_id!="storage"}[1h]) or increase(fal_probe_runs_total{job=~"$job", endpoint_id!=""}[1h]))))`;

export interface Choices {
  /** Offers the window of ratios and quantiles. */
  readonly hasWindow: boolean;
  /** Starts with one model instead of all: for what cannot be said of several together. */
  readonly isOfOneModel?: boolean | undefined;
}

const MODELS = `label_values(${WITH_MODEL}, endpoint_id)`;

interface Variable {
  build(): VariableModel;
}

/** The variables of every dashboard, in the order in which one narrows the next. */
export function variablesOf({ hasWindow, isOfOneModel }: Choices): Variable[] {
  return [
    datasource(),
    choice('job', 'Job', `label_values(${EVERYBODY}, job)`),
    choice('instance', 'Instance', `label_values(${EVERYBODY.replace('}', ', job=~"$job"}')}, instance)`),
    choice('account', 'Account', `label_values(${WITH_ACCOUNT}, account)`),
    isOfOneModel === true ? oneModel() : choice('endpoint_id', 'Model', MODELS),
    ...(hasWindow ? [windowChoice()] : []),
  ];
}

/**
 * `default` lets Grafana take its default data source, or the first Prometheus when that is none. Without a current
 * value it takes the first by name even when another one is the default.
 */
function datasource(): Variable {
  return new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .type('prometheus')
    .current({ text: 'default', value: 'default' });
}

/** Several may be chosen, but not all at once: without that choice Grafana starts with the first, the busiest. */
function oneModel(): Variable {
  return queryVariable('endpoint_id', 'Model', BUSIEST_FIRST)
    .regex('/endpoint_id="([^"]+)"/')
    .sort(VariableSort.Disabled);
}

function choice(name: string, label: string, query: string): Variable {
  return queryVariable(name, label, query)
    .includeAll(true)
    .allValue('.+')
    .current({ text: 'All', value: '$__all' });
}

function queryVariable(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query, refId: `variable-${name}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true);
}

/**
 * The window of ratios and quantiles, so that a graph shows the number that an alert compares. The interval that
 * Grafana would choose is one minute at a 15 s scrape, and sparse traffic turns every single failure into 100 %.
 */
function windowChoice(): Variable {
  return new CustomVariableBuilder('window')
    .label('Window')
    .description('Ratios and quantiles are over this much time before each point.')
    .values('2m,5m,15m,1h')
    .options(['2m', '5m', '15m', '1h'].map((value) => ({ text: value, value, selected: value === '5m' })))
    .current({ text: '5m', value: '5m' });
}
