import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExporter, type ExporterProcess } from './exporter-process.ts';
import { incidentTable, type TableRow } from './stack/incident-table.ts';
import { live, type IncidentReport, type IncidentStory } from './stack/incident.ts';
import { MODELS, startPlant, type Plant } from './stack/plant.ts';
import { waitUntil } from './wait-until.ts';

/**
 * From a fault that the simulator causes to a page, through the real exporter, Prometheus and Alertmanager, to a
 * receiver as strict as PagerDuty. All durations of rules and routes are divided by twenty; the expressions are
 * those that are shipped.
 */
let plant: Plant;
let exporter: ExporterProcess;
const rows: TableRow[] = [];

beforeAll(async () => {
  plant = await startPlant();
  exporter = plant.stack.exporter;
  await plant.stack.prometheus.until('min(endpoint:fal_client_requests:increase5m) >= 20', {
    withinMs: 60_000,
  });
});

afterAll(async () => {
  await exporter.stop();
  await plant.stop();
});

const [MODEL] = MODELS;
const scenario = (name: string) => () => plant.simulator.applyScenario(name);
const heal = scenario('healthy');

/** Lives the story, and notes it for the table. */
async function tell(what: string, promise: string, story: IncidentStory): Promise<IncidentReport> {
  const report = await live(plant.stack, story);
  rows.push({ what, page: story.page, promise, report });
  return report;
}

/** One trigger and one resolve under one key, and nobody else's phone rings. */
function expectOnePage({ incident, requests, incidents }: IncidentReport, severity: string): void {
  expect(incident).toMatchObject({ severity, triggers: 1, state: 'resolved' });
  expect(incident.dedupKey).toMatch(/^[0-9a-f]{64}$/);
  const accepted = requests.filter(({ accepted }) => accepted).map(({ event }) => event);
  for (const { dedupKey, payload } of incidents) {
    const actions = accepted
      .filter((event) => event?.dedup_key === dedupKey)
      .map((event) => event?.event_action);
    expect(actions, payload.summary).toEqual(['trigger', 'resolve']);
  }
  const ringing = incidents.filter(({ urgency }) => urgency === 'high');
  expect(ringing.map(({ payload }) => payload.summary)).toEqual(
    incident.urgency === 'high' ? [incident.payload.summary] : [],
  );
  const refused = requests.filter(({ status }) => status === 400);
  expect(refused.flatMap(({ reasons }) => reasons)).toEqual([]);
}

describe('ordinary noise', () => {
  test('pages nobody: cold starts, refused inputs and one timeout', async () => {
    const { simulator, stack } = plant;
    stack.pagerDuty.reset();
    for (const endpointId of MODELS) simulator.engine.failNext({ endpointId, errorType: 'greater_than' });
    simulator.engine.failNext({ endpointId: MODEL, errorType: 'request_timeout', final: true });
    const from = plant.app.sent();
    // Two hundred requests are more than twenty seconds, seven minutes of real time.
    await waitUntil(
      'the app sent two hundred more requests',
      () => (plant.app.sent() - from > 200 ? true : undefined),
      {
        withinMs: 60_000,
      },
    );
    await stack.prometheus.until('ALERTS{alertname="FalTimeouts", alertstate="firing", source="app"}');
    expect(stack.pagerDuty.incidents()).toEqual([]);
  });
});

describe('a fault of fal', () => {
  test('an outage rings once, for the platform and not once for each model', async () => {
    const report = await tell('every model fails (outage)', '4 min', {
      fault: scenario('outage'),
      heal,
      page: { alertname: 'FalPlatformDown', urgency: 'high' },
      pagedWithinSeconds: 45,
      resolvedWithinSeconds: 90,
    });
    expectOnePage(report, 'critical');
  });

  test('one model that fails rings for this model, through a PagerDuty that answers 429 and 500 first', async () => {
    const { pagerDuty } = plant.stack;
    const report = await tell('one model fails; PagerDuty answers 429, then 500', '4 min', {
      fault: () => {
        pagerDuty.setMode('rate-limited', 2);
        plant.simulator.applyScenario('one-model-outage', { endpointId: MODEL });
      },
      heal: () => {
        pagerDuty.setMode('server-error', 2);
        heal();
      },
      page: { alertname: 'FalErrorRateCritical', urgency: 'high', endpointId: MODEL },
      pagedWithinSeconds: 45,
      resolvedWithinSeconds: 90,
    });
    expectOnePage(report, 'critical');
    expect(report.requests.map(({ status }) => status)).toEqual(expect.arrayContaining([429, 500, 202]));
  });

  test('requests that hang ring, although nothing finishes and no ratio moves', async () => {
    const report = await tell('running requests never end (hang)', '15 min', {
      fault: scenario('stuck-in-progress'),
      heal,
      page: { alertname: 'FalRequestsStuck', urgency: 'high', endpointId: MODEL },
      pagedWithinSeconds: 90,
      resolvedWithinSeconds: 90,
    });
    expect(report.incident).toMatchObject({ severity: 'critical', triggers: 1 });
  });

  test('cold starts on every request warn, and ring nobody', async () => {
    const report = await tell('every request meets a cold start', '8 min', {
      fault: () => {
        plant.simulator.applyScenario('slow-cold-start');
        for (const id of MODELS) {
          const endpoint = plant.simulator.world.endpoints.get(id);
          // Longer than the limit of three seconds, short enough to see an end in this story.
          if (endpoint !== undefined) endpoint.coldStart = { medianMs: 5000, sigma: 0.1 };
        }
      },
      heal,
      page: { alertname: 'FalLatencyP95High', urgency: 'low', endpointId: MODEL },
      pagedWithinSeconds: 60,
      resolvedWithinSeconds: 90,
    });
    expectOnePage(report, 'warning');
  });
});

describe('a fault of the account', () => {
  test('a lock with money on the account rings once, across a restart of Alertmanager', async () => {
    const report = await tell('the account is locked with money on it; Alertmanager restarts', '2 min', {
      fault: scenario('locked-with-balance'),
      heal,
      page: { alertname: 'FalAccountLocked', urgency: 'high' },
      meanwhile: async () => {
        await plant.stack.alertmanager.restart('SIGTERM');
        await plant.stack.prometheus.until(
          'ALERTS{alertname="FalLockBalanceMismatch", alertstate="firing"}',
          {
            withinMs: 90_000,
          },
        );
      },
      pagedWithinSeconds: 45,
      resolvedWithinSeconds: 120,
    });
    expectOnePage(report, 'critical');
    const pages = report.incidents.map(({ payload }) => payload.class);
    expect(pages).toContain('FalLockBalanceMismatch');
    expect(pages.filter((name = '') => /^Fal(ErrorRate|Probe)/.test(name))).toEqual([]);
  });
});

describe('a fault of the watching', () => {
  let silent: Server | undefined;

  test('an exporter that is down rings; its address is then taken by something without data', async () => {
    const report = await tell('the exporter is down', '7 min', {
      fault: async () => {
        await exporter.stop();
      },
      // Something answers there again, so it is up: and silent, which is the next story.
      heal: async () => {
        silent = await listenSilently(exporter.target);
      },
      page: { alertname: 'FalExporterDown', urgency: 'high' },
      pagedWithinSeconds: 45,
      resolvedWithinSeconds: 45,
      thenQuiet: false,
    });
    expect(report.incident).toMatchObject({ severity: 'critical', triggers: 1, state: 'resolved' });
  });

  test('an exporter that answers without data rings, and is quiet once the real one is back', async () => {
    const report = await tell('something else answers in place of the exporter', '7 min', {
      fault: () => undefined,
      heal: async () => {
        silent?.closeAllConnections();
        silent?.close();
        exporter = await startExporter({
          ...plant.exporterOptions,
          args: ['--listen', exporter.target],
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
  expect(rows).toHaveLength(7);
  await incidentTable(rows);
});

/** Answers every scrape with 200 and nothing, as the stock OpenTelemetry exporter does when it cannot collect. */
function listenSilently(target: string): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end('# nothing to tell\n');
  });
  const port = Number(target.split(':')[1]);
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}
