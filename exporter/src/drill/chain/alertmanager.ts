import { parse } from 'yaml';
import { z } from 'zod';
import type { AskedServer } from './ask.ts';
import type { FailedDeliveries, RoutedAlert } from './sighting.ts';

/** Of the Alertmanager API, version 2, what is read here. */
const alertsAnswer = z.array(
  z.object({
    fingerprint: z.string(),
    labels: z.record(z.string(), z.string()),
    receivers: z.array(z.object({ name: z.string() })).default([]),
    status: z.object({
      inhibitedBy: z.array(z.string()).default([]),
      silencedBy: z.array(z.string()).default([]),
    }),
  }),
);

const statusAnswer = z.object({ config: z.object({ original: z.string() }) });

const configuration = z.object({ receivers: z.array(z.looseObject({ name: z.string() })).default([]) });

/** Everything that fires now, with where it goes and what holds it back. */
export async function routedAlerts(server: AskedServer): Promise<readonly RoutedAlert[]> {
  const alerts = alertsAnswer.parse(await server.json('/api/v2/alerts'));
  const nameOf = new Map(
    alerts.map(({ fingerprint, labels }) => [fingerprint, labels.alertname ?? fingerprint]),
  );
  return alerts.map(({ labels, receivers, status }) => ({
    alert: labels.alertname ?? '',
    labels,
    receivers: receivers.map(({ name }) => name),
    inhibitedBy: [
      ...new Set(status.inhibitedBy.map((fingerprint) => nameOf.get(fingerprint) ?? fingerprint)),
    ],
    silencedBy: status.silencedBy,
  }));
}

/** The kinds of integrations of each receiver: `pagerduty_configs` with an entry is `pagerduty`. */
export async function receiversOf(server: AskedServer): Promise<ReadonlyMap<string, readonly string[]>> {
  const { config } = statusAnswer.parse(await server.json('/api/v2/status'));
  const { receivers } = configuration.parse(parse(config.original));
  return new Map(receivers.map(({ name, ...fields }) => [name, integrationsIn(fields)]));
}

function integrationsIn(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    key.endsWith('_configs') && Array.isArray(value) && value.length > 0
      ? [key.slice(0, -'_configs'.length)]
      : [],
  );
}

const FAILED = /^alertmanager_notifications_failed_total\{([^}]*)\} (\S+)$/gm;

/** How many notifications failed since its start, by integration, from its own metrics. */
export async function failedDeliveriesOf(server: AskedServer): Promise<FailedDeliveries> {
  const failed: Record<string, number> = {};
  for (const [, labels = '', value] of (await server.text('/metrics')).matchAll(FAILED)) {
    const integration = /integration="([^"]*)"/.exec(labels)?.[1] ?? 'unknown';
    failed[integration] = (failed[integration] ?? 0) + Number(value);
  }
  return failed;
}
