export interface LinkTo {
  /** uid of the dashboard. */
  readonly dashboard: string;
  readonly endpointId: string;
  readonly account: string | undefined;
  /** uid of the data source, where it is known. */
  readonly datasource: string | undefined;
  /** As in the address of a dashboard: `now-24h`, or Unix milliseconds. */
  readonly from: string;
  readonly to: string;
}

/** Path of the dashboard that tells more of one model, below the root of Grafana; undefined when none is set. */
export function pathOf({ dashboard, endpointId, account, datasource, from, to }: LinkTo): string | undefined {
  if (dashboard.trim() === '') return undefined;
  const values: readonly (readonly [string, string | undefined])[] = [
    ['var-datasource', datasource],
    ['var-endpoint_id', endpointId],
    ['var-account', account],
    ['from', from],
    ['to', to],
  ];
  const query = values.flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${encodeURIComponent(value)}`,
  );
  return `/d/${encodeURIComponent(dashboard.trim())}?${query.join('&')}`;
}
