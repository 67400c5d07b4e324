import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExporter } from './exporter-process.ts';
import { MODELS } from './stack/plant.ts';
import { expectOnePage, ToldIncidents } from './stack/told-incidents.ts';
import { waitUntil } from './wait-until.ts';

/**
 * From what stands still - requests, the account, the watching itself - to a page, through the real exporter,
 * Prometheus and Alertmanager, to a receiver as strict as PagerDuty. All durations of rules and routes are divided by
 * twenty; the expressions are those that are shipped. What fails instead is told in story-incidents-failing.test.ts.
 */
let story: ToldIncidents;

beforeAll(async () => {
  story = await ToldIncidents.start();
});

afterAll(() => story.stop());

const [MODEL] = MODELS;
const MISMATCH = 'FalLockBalanceMismatch';

describe('a fault of fal', () => {
  test('requests that hang ring, although nothing finishes and no ratio moves', async () => {
    const report = await story.tell('running requests never end (hang)', '15 min', {
      fault: story.scenario('stuck-in-progress'),
      heal: story.heal,
      page: { alertname: 'FalRequestsStuck', urgency: 'high', endpointId: MODEL },
      pagedWithinSeconds: 90,
      resolvedWithinSeconds: 90,
    });
    expect(report.incident).toMatchObject({ severity: 'critical', triggers: 1 });
  });
});

describe('a fault of the account', () => {
  test('a lock with money on the account rings once, across a restart of Alertmanager', async () => {
    const report = await story.tell(
      'the account is locked with money on it; Alertmanager restarts',
      '2 min',
      {
        fault: story.scenario('locked-with-balance'),
        heal: story.heal,
        page: { alertname: 'FalAccountLocked', urgency: 'high' },
        meanwhile: async () => {
          await story.plant.stack.alertmanager.restart('SIGTERM');
          // Until it has arrived, not until it fires: healed in between, it would never be sent.
          await waitUntil('the new Alertmanager tells of the money', () => story.incidentOf(MISMATCH), {
            withinMs: 90_000,
          });
        },
        pagedWithinSeconds: 45,
        resolvedWithinSeconds: 120,
      },
    );
    expectOnePage(report, 'critical');
    const pages = report.incidents.map(({ payload }) => payload.class);
    expect(pages).toContain(MISMATCH);
    expect(pages.filter((name = '') => /^Fal(ErrorRate|Probe)/.test(name))).toEqual([]);
  });
});

describe('a fault of the watching', () => {
  let silent: Server | undefined;

  test('an exporter that is down rings; its address is then taken by something without data', async () => {
    const report = await story.tell('the exporter is down', '7 min', {
      fault: async () => {
        await story.exporter.stop();
      },
      // Something answers there again, so it is up: and silent, which is the next story.
      heal: async () => {
        silent = await listenSilently(story.exporter.target);
      },
      page: { alertname: 'FalExporterDown', urgency: 'high' },
      pagedWithinSeconds: 45,
      resolvedWithinSeconds: 45,
      thenQuiet: false,
    });
    expect(report.incident).toMatchObject({ severity: 'critical', triggers: 1, state: 'resolved' });
  });

  test('an exporter that answers without data rings, and is quiet once the real one is back', async () => {
    const report = await story.tell('something else answers in place of the exporter', '7 min', {
      fault: () => undefined,
      heal: async () => {
        silent?.closeAllConnections();
        silent?.close();
        story.exporter = await startExporter({
          ...story.plant.exporterOptions,
          args: ['--listen', story.exporter.target],
        });
      },
      page: { alertname: 'FalExporterNoData', urgency: 'high' },
      pagedWithinSeconds: 45,
      resolvedWithinSeconds: 60,
    });
    expect(report.incident).toMatchObject({ severity: 'critical', triggers: 1, state: 'resolved' });
  });
});

test('the table of incidents tells what this run saw', async () => {
  await story.compare('incidents-standstill', 4);
});

/** Answers every scrape with 200 and nothing, as the stock OpenTelemetry exporter does when it cannot collect. */
function listenSilently(target: string): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end('# nothing to tell\n');
  });
  const port = Number(target.split(':')[1]);
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}
