/** An alert as Prometheus posts it. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: Date;
  /** In the past: it is resolved. Absent: it fires, and resolves by itself after `resolve_timeout`. */
  readonly endsAt?: Date;
  readonly generatorURL?: string;
}

/** An alert as Alertmanager knows it. */
export interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: {
    readonly state: 'unprocessed' | 'active' | 'suppressed';
    readonly inhibitedBy: readonly string[];
    readonly silencedBy: readonly string[];
  };
}

/** What a test asks of an Alertmanager over its API, version 2. Everything rejects with Alertmanager's own words. */
export interface AlertmanagerApi {
  postAlerts(alerts: readonly PostedAlert[]): Promise<void>;
  alerts(): Promise<readonly KnownAlert[]>;
  /** Notifications that it began and that have neither arrived nor failed for good. */
  notificationsOnTheirWay(): Promise<number>;
  /** The text of a page or an API answer. */
  read(path: string): Promise<string>;
}

/** The API of the Alertmanager at `url`. */
export function alertmanagerApi(url: string): AlertmanagerApi {
  const read = async (path: string, init?: RequestInit): Promise<string> => {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`Alertmanager refused ${path} with HTTP ${response.status}: ${text}`);
    return text;
  };
  return {
    read,
    postAlerts: async (alerts) => {
      await read('/api/v2/alerts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
    },
    notificationsOnTheirWay: async () => {
      const metrics = await read('/metrics');
      const count = (what: string): number => sumOf(metrics, `alertmanager_notification${what}_total`);
      const arrived = count('_requests') - count('_requests_failed');
      return count('s') - count('s_failed') - arrived;
    },
    alerts: async () => JSON.parse(await read('/api/v2/alerts')) as KnownAlert[],
  };
}

/** Of a counter in an exposition, over its labels. */
function sumOf(metrics: string, name: string): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
