import type { Incident } from '../pagerduty/incidents.ts';
import type { ReceivedRequest } from '../pagerduty/service.ts';
import { waitUntil } from '../wait-until.ts';
import type { Stack } from './stack.ts';

/** What somebody's phone should show. */
export interface ExpectedPage {
  readonly alertname: string;
  readonly urgency: 'high' | 'low';
  readonly endpointId?: string | undefined;
}

/** A fault from its beginning to the resolved page. */
export interface IncidentStory {
  readonly fault: () => void | Promise<void>;
  readonly heal: () => void | Promise<void>;
  readonly page: ExpectedPage;
  /** Between page and healing: what happens to the chain itself. */
  readonly meanwhile?: (() => Promise<void>) | undefined;
  readonly pagedWithinSeconds: number;
  readonly resolvedWithinSeconds: number;
  /** Wait until nothing else fires either, as the next story needs it; true unless given. */
  readonly thenQuiet?: boolean;
}

export interface IncidentReport {
  readonly pagedAfterSeconds: number;
  readonly resolvedAfterSeconds: number;
  readonly incident: Incident;
  /** All that PagerDuty got between fault and resolve, this page and its companions. */
  readonly requests: readonly ReceivedRequest[];
  readonly incidents: readonly Incident[];
}

/** Lets one fault happen, and waits for its page and for its end. */
export async function live(stack: Stack, story: IncidentStory): Promise<IncidentReport> {
  const { pagerDuty } = stack;
  pagerDuty.reset();
  const brokeAt = performance.now();
  await story.fault();
  await pageOf(stack, story, ({ state }) => state !== 'resolved', story.pagedWithinSeconds);
  const pagedAfterSeconds = (performance.now() - brokeAt) / 1000;
  await story.meanwhile?.();
  const healedAt = performance.now();
  await story.heal();
  const incident = await pageOf(
    stack,
    story,
    ({ state }) => state === 'resolved',
    story.resolvedWithinSeconds,
  );
  const resolvedAfterSeconds = (performance.now() - healedAt) / 1000;
  if (story.thenQuiet !== false) await allQuiet(stack);
  const { requests, incidents } = { requests: pagerDuty.requests(), incidents: pagerDuty.incidents() };
  return { pagedAfterSeconds, resolvedAfterSeconds, incident, requests, incidents };
}

function pageOf(
  stack: Stack,
  { page }: IncidentStory,
  isWanted: (incident: Incident) => boolean,
  withinSeconds: number,
): Promise<Incident> {
  return waitUntil(
    `PagerDuty has ${JSON.stringify(page)}`,
    () => stack.pagerDuty.incidents().find((incident) => isPage(incident, page) && isWanted(incident)),
    { withinMs: withinSeconds * 1000, evidence: () => evidenceOf(stack) },
  );
}

function isPage({ payload, urgency }: Incident, page: ExpectedPage): boolean {
  const isEndpoint = page.endpointId === undefined || payload.source === page.endpointId;
  return payload.class === page.alertname && urgency === page.urgency && isEndpoint;
}

/** Nothing open any more, and nothing on its way to be: the next fault starts from peace. */
export async function allQuiet(stack: Stack, withinSeconds = 90): Promise<void> {
  await waitUntil(
    'every incident is resolved and nothing fires',
    async () => {
      const open = stack.pagerDuty.incidents().filter(({ state }) => state !== 'resolved');
      if (open.length > 0) return undefined;
      const alerts = await stack.prometheus.query(
        'ALERTS{severity=~"critical|warning", alertname!~"FalDemoData|Watchdog|FalLowTraffic.+"}',
      );
      return alerts.length === 0 ? 'quiet' : undefined;
    },
    { withinMs: withinSeconds * 1000, everyMs: 250, evidence: () => evidenceOf(stack) },
  );
}

function evidenceOf({ pagerDuty, alertmanager, prometheus }: Stack): string {
  const incidents = pagerDuty.incidents().map(({ payload, state }) => `${state}: ${payload.summary}`);
  const tail = (text: string): string => text.split('\n').slice(-15).join('\n');
  return [incidents.join('\n'), tail(alertmanager.log()), tail(prometheus.log())].join('\n---\n');
}
