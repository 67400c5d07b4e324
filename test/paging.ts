import { startAlertmanager, type Alertmanager, type AlertmanagerOptions } from './alertmanager.ts';
import type { PostedAlert } from './alertmanager-api.ts';
import type { Incident } from './pagerduty/incidents.ts';
import { startPagerDuty, type PagerDuty, type PagerDutyOptions } from './pagerduty/pagerduty.ts';
import type { ReceivedRequest } from './pagerduty/service.ts';
import { waitUntil } from './wait-until.ts';

/** The routing key that all stories use; nobody may ever print it. */
export const CANARY_KEY = 'CANARYcanaryCANARYcanaryCANARY12';

/** The secrets of an installation that is complete. */
export const SECRETS = { pagerduty_routing_key: `${CANARY_KEY}\n` };

export interface PagingOptions extends Partial<AlertmanagerOptions> {
  readonly pagerDuty?: PagerDutyOptions;
}

/** A real Alertmanager that pages the stand-in of PagerDuty. */
export interface Paging {
  readonly alertmanager: Alertmanager;
  readonly pagerDuty: PagerDuty;
  fire(...alerts: readonly PostedAlert[]): Promise<void>;
  resolve(...alerts: readonly PostedAlert[]): Promise<void>;
  /** Waits until as many incidents as given are there; gives all. */
  incidents(count: number, withinMs?: number): Promise<readonly Incident[]>;
  /** Waits until as many incidents as given are resolved; gives all. */
  resolved(count: number, withinMs?: number): Promise<readonly Incident[]>;
  /** What PagerDuty accepted of one action. */
  accepted(action: 'trigger' | 'resolve'): ReceivedRequest[];
  stop(): Promise<void>;
}

const WITHIN_MS = 20_000;

/** Starts both. Times are divided by 300 unless given otherwise: a group_interval of a minute is 200 ms. */
export async function startPaging({ pagerDuty: of, ...options }: PagingOptions = {}): Promise<Paging> {
  const pagerDuty = await startPagerDuty({ routingKeys: [CANARY_KEY], ...of });
  const alertmanager = await startAlertmanager({
    pagerDutyUrl: pagerDuty.enqueueUrl,
    secrets: SECRETS,
    speedUp: 300,
    ...options,
  });
  const once = (what: string, enough: () => boolean, withinMs = WITHIN_MS): Promise<readonly Incident[]> =>
    waitUntil(what, () => (enough() ? pagerDuty.incidents() : undefined), {
      withinMs,
      everyMs: 20,
      evidence: () => `${JSON.stringify(pagerDuty.requests(), undefined, 1)}\n${alertmanager.log()}`,
    });
  return {
    alertmanager,
    pagerDuty,
    fire: (...alerts) => alertmanager.postAlerts(alerts),
    resolve: (...alerts) => {
      const endsAt = new Date();
      return alertmanager.postAlerts(alerts.map((alert) => ({ ...alert, endsAt })));
    },
    incidents: (count, withinMs) =>
      once(`${count} incidents`, () => pagerDuty.incidents().length >= count, withinMs),
    resolved: (count, withinMs) =>
      once(
        `${count} resolved incidents`,
        () => pagerDuty.incidents().filter(({ state }) => state === 'resolved').length >= count,
        withinMs,
      ),
    accepted: (action) =>
      pagerDuty.requests().filter(({ accepted, event }) => accepted && event?.event_action === action),
    stop: async () => {
      await alertmanager.stop();
      await pagerDuty.stop();
    },
  };
}

/** An alert as the rules write it; `change` overrides labels, and an empty one takes a label away. */
export function alertOf(
  alertname: string,
  change: Readonly<Record<string, string>> = {},
  annotations: Readonly<Record<string, string>> = ANNOTATIONS,
): PostedAlert {
  const all = {
    alertname,
    severity: 'critical',
    scope: 'endpoint',
    source: 'app',
    account: 'main',
    endpoint_id: 'fal-ai/flux/dev',
    ...change,
  };
  const labels = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return { labels, annotations, generatorURL: 'http://localhost:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1' };
}

const ANNOTATIONS = {
  summary: 'fal-ai/flux/dev: 40 % of 120 requests failed in 2 minutes',
  description: 'Limit 25 %. Most of them: 503.',
  runbook_url: 'https://example.com/runbooks/FalErrorRateCritical.md',
  dashboard_url: 'http://localhost:3000/d/fal-endpoint?var-endpoint_id=fal-ai%2Fflux%2Fdev',
};
