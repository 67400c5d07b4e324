import { APP_ID } from '../plugin-id.ts';

/** Paths within Grafana, without the sub-path that it may be served under: links add that. */
export const SET_UP_PAGE = `/a/${APP_ID}/set-up`;
export const STATUS_PAGE = `/a/${APP_ID}/status`;

/** What a dashboard shall show. */
export interface DashboardChoice {
  readonly dataSourceUid: string;
  readonly account?: string;
  readonly endpointId?: string;
}

/** The path of one of our dashboards, with its variables set. */
export function dashboardPath(uid: string, { dataSourceUid, account, endpointId }: DashboardChoice): string {
  const variables = new URLSearchParams({ 'var-datasource': dataSourceUid });
  if (account !== undefined) variables.set('var-account', account);
  if (endpointId !== undefined) variables.set('var-endpoint_id', endpointId);
  return `/d/${uid}?${variables.toString()}`;
}

/** A path to a dashboard that somebody else made, with our data source. */
export function withDataSource(path: string, dataSourceUid: string): string {
  const [base = '', query = ''] = path.split('?', 2);
  const variables = new URLSearchParams(query);
  variables.set('var-datasource', dataSourceUid);
  return `${base}?${variables.toString()}`;
}
