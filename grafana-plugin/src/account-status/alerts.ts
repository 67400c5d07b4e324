import type { Evidence } from './gather.ts';

/** An alert that fires now. */
export interface FiringAlert {
  readonly name: string;
  readonly severity: string;
  readonly account: string | undefined;
  /** The model, probe or collector that it is about; undefined where its name says enough. */
  readonly about: string | undefined;
  /** Unix seconds; undefined where nobody tells. */
  readonly since: number | undefined;
  /** The sentence of the rule; undefined where only the series ALERTS is known. */
  readonly summary: string | undefined;
  /** Address of its page in the runbooks, http(s) only. */
  readonly runbook: string | undefined;
  /** Path of its dashboard within this Grafana, such as `/d/fal-endpoint?var-account=default`. */
  readonly dashboard: string | undefined;
}

type Labels = Readonly<Record<string, string>>;

/** Worst first, then by name. Alerts of the rules tell more; those that only ALERTS knows are added. */
export function firingAlerts({ samples, rules }: Pick<Evidence, 'samples' | 'rules'>): FiringAlert[] {
  const told = rules.flatMap(({ name, annotations, alerts }) =>
    alerts
      .filter(({ state }) => /^(firing|alerting)/i.test(state) && name.startsWith('Fal'))
      .map(({ labels, annotations: own, activeAt }) =>
        firing({
          name,
          labels,
          annotations: { ...annotations, ...own },
          since: activeAt === undefined ? undefined : activeAt / 1000,
        }),
      ),
  );
  const bare = samples.alerts.map(({ labels, value }) =>
    firing({ name: labels.alertname ?? '', labels, annotations: {}, since: value }),
  );
  const known = new Map([...bare, ...told].map((alert) => [keyOf(alert), alert]));
  return [...known.values()].sort((a, b) => rankOf(a) - rankOf(b) || (a.name < b.name ? -1 : 1));
}

/** Those of one account. */
export function alertsOf(account: string, alerts: readonly FiringAlert[]): FiringAlert[] {
  return alerts.filter((alert) => alert.account === account);
}

const SEVERITIES: readonly string[] = ['critical', 'warning', 'info'];

function rankOf({ severity }: FiringAlert): number {
  const rank = SEVERITIES.indexOf(severity);
  return rank === -1 ? SEVERITIES.length : rank;
}

function keyOf({ name, account, about }: FiringAlert): string {
  return JSON.stringify([name, account, about]);
}

interface Told {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly since: number | undefined;
}

function firing({ name, labels, annotations, since }: Told): FiringAlert {
  return {
    ...{ name, since },
    severity: labels.severity ?? '',
    account: labels.account,
    about: labels.endpoint_id ?? labels.probe ?? labels.collector,
    summary: annotations.summary,
    runbook: webAddress(annotations.runbook_url),
    dashboard: dashboardPath(annotations.dashboard_url) ?? dashboardOf(annotations.__dashboardUid__),
  };
}

/** Only http and https: an annotation is a text that somebody wrote, and a link runs what it says. */
function webAddress(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}

/** The path of a link to a dashboard. The host in it may be another name of this Grafana, or of none. */
function dashboardPath(url: string | undefined): string | undefined {
  const address = webAddress(url);
  if (address === undefined) return undefined;
  const { pathname, search } = new URL(address);
  const path = /\/d\/[\w-]+(\/[\w-]*)?$/.exec(pathname)?.[0];
  return path === undefined ? undefined : `${path}${search}`;
}

function dashboardOf(uid: string | undefined): string | undefined {
  return uid !== undefined && /^[\w-]+$/.test(uid) ? `/d/${uid}` : undefined;
}
