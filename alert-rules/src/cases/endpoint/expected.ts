import type { DashboardUid, Severity, Source } from '../../alert.ts';
import type { Firing } from '../rule-case.ts';

export interface Expected {
  readonly severity: Severity;
  readonly source: Source;
  readonly dashboard: DashboardUid;
  readonly summary: string;
  readonly description: string;
  /** Over those of the model, account and job that `series.ts` tells of. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

const JOBS: Readonly<Record<Source, string>> = { app: 'shop', probe: 'fal-exporter' };

/** An alert about fal-ai/flux/dev in the account `default`, unless the labels say otherwise. */
export function expected({
  severity,
  source,
  dashboard,
  summary,
  description,
  labels = {},
}: Expected): Firing {
  const all = {
    scope: 'endpoint',
    severity,
    source,
    job: JOBS[source],
    account: 'default',
    endpoint_id: 'fal-ai/flux/dev',
    ...labels,
  };
  const variables = `var-account=${encodeURIComponent(all.account)}&var-endpoint_id=${encodeURIComponent(all.endpoint_id)}`;
  return {
    labels: all,
    summary,
    description,
    dashboardUrl: `http://localhost:3000/d/${dashboard}?${variables}`,
  };
}

/** Minutes as seconds, for the moments of a case. */
export function minutes(count: number): number {
  return count * 60;
}
