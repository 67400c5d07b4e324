import { z } from 'zod';
import type { RuleTimes } from '../plan.ts';
import type { AskedServer } from './ask.ts';
import type { RaisedAlert } from './sighting.ts';

const SEVERITIES = ['critical', 'warning', 'info', 'none'] as const;

/** https://prometheus.io/docs/prometheus/latest/querying/api/, as far as it is read here. */
const answerOf = <T extends z.ZodType>(data: T): z.ZodObject<{ data: T }> => z.object({ data });

const rulesAnswer = answerOf(
  z.object({
    groups: z.array(
      z.object({
        interval: z.number(),
        rules: z.array(
          z.object({
            name: z.string(),
            duration: z.number().default(0),
            // Absent before Prometheus 2.43.
            keepFiringFor: z.number().optional(),
            labels: z.record(z.string(), z.string()).default({}),
          }),
        ),
      }),
    ),
  }),
);

const alertsAnswer = answerOf(
  z.object({
    alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.string() })),
  }),
);

const alertmanagersAnswer = answerOf(
  z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) }),
);

const queryAnswer = answerOf(z.object({ result: z.array(z.unknown()) }));

/** The alert rules that are loaded, by alert; of several with one name the slowest. */
export async function rulesInForce(
  server: AskedServer,
  shipped: ReadonlyMap<string, RuleTimes>,
): Promise<ReadonlyMap<string, RuleTimes>> {
  const { data } = rulesAnswer.parse(await server.json('/api/v1/rules?type=alert'));
  const all = new Map<string, RuleTimes>();
  for (const { interval, rules } of data.groups) {
    for (const { name, duration, keepFiringFor, labels } of rules) {
      const known = shipped.get(name);
      if (known === undefined || (all.get(name)?.forSeconds ?? -1) > duration) continue;
      const keepFiringForSeconds = keepFiringFor ?? known.keepFiringForSeconds;
      const severity = SEVERITIES.find((each) => each === labels.severity) ?? known.severity;
      all.set(name, { severity, forSeconds: duration, keepFiringForSeconds, evaluationSeconds: interval });
    }
  }
  return all;
}

/** Everything that is pending or fires now. */
export async function raisedAlerts(server: AskedServer): Promise<readonly RaisedAlert[]> {
  const { data } = alertsAnswer.parse(await server.json('/api/v1/alerts'));
  return data.alerts.flatMap(({ labels, state }) => {
    if (state !== 'pending' && state !== 'firing') return [];
    return [{ alert: labels.alertname ?? '', labels, state }];
  });
}

/** Where it sends alerts to. */
export async function alertmanagersOf(server: AskedServer): Promise<readonly string[]> {
  const { data } = alertmanagersAnswer.parse(await server.json('/api/v1/alertmanagers'));
  return data.activeAlertmanagers.map(({ url }) => url);
}

/** Whether a query has a sample now. */
export async function hasSample(server: AskedServer, promql: string): Promise<boolean> {
  const path = `/api/v1/query?${new URLSearchParams({ query: promql }).toString()}`;
  return queryAnswer.parse(await server.json(path)).data.result.length > 0;
}
