import type { DataSourceInstanceSettings } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { asRecord } from '../prometheus/failure.ts';
import { isPrometheus } from './prometheus-types.ts';

/** A data source as far as the app cares. */
export interface DataSource {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly isDefault: boolean;
  /** Its "scrape interval", a Prometheus duration such as 15s; undefined where it is not set. */
  readonly timeInterval: string | undefined;
}

/** The Prometheus data sources that the user may see: the default one first, then by name. */
export function prometheusSources(): DataSource[] {
  return getDataSourceSrv()
    .getList({ metrics: true })
    .map(dataSourceOf)
    .filter((source) => isPrometheus(source.type) && !source.uid.startsWith('$'))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
}

/** The data source with this uid, of whatever type; undefined where there is none, or none for this user. */
export function dataSourceBy(uid: string): DataSource | undefined {
  const found = getDataSourceSrv().getInstanceSettings({ uid });
  return found?.uid === uid ? dataSourceOf(found) : undefined;
}

function dataSourceOf({ uid, name, type, isDefault, jsonData }: DataSourceInstanceSettings): DataSource {
  const { timeInterval } = asRecord(jsonData);
  return {
    uid,
    name,
    type,
    isDefault: isDefault === true,
    timeInterval: typeof timeInterval === 'string' && timeInterval !== '' ? timeInterval : undefined,
  };
}
