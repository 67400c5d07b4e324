import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODELS } from './stack/plant.ts';
import { expectOnePage, ToldIncidents } from './stack/told-incidents.ts';
import { waitUntil } from './wait-until.ts';

/**
 * From requests that fail or are slow at a simulated fal to a page, through the real exporter, Prometheus and
 * Alertmanager, to a receiver as strict as PagerDuty. All durations of rules and routes are divided by twenty; the
 * expressions are those that are shipped. What stands still instead is told in story-incidents-standstill.test.ts.
 */
let story: ToldIncidents;

beforeAll(async () => {
  story = await ToldIncidents.start();
});

afterAll(() => story.stop());

const [MODEL] = MODELS;

describe('ordinary noise', () => {
  test('pages nobody: cold starts, refused inputs and one timeout', async () => {
    const { simulator, stack } = story.plant;
    stack.pagerDuty.reset();
    for (const endpointId of MODELS) simulator.engine.failNext({ endpointId, errorType: 'greater_than' });
    simulator.engine.failNext({ endpointId: MODEL, errorType: 'request_timeout', final: true });
    const from = story.plant.app.sent();
    // Two hundred requests are more than twenty seconds, seven minutes of real time.
    await waitUntil(
      'the app sent two hundred more requests',
      () => (story.plant.app.sent() - from > 200 ? true : undefined),
      {
        withinMs: 60_000,
      },
    );
    // A request of the app or a probe, whichever came next; and over by now, where two hundred requests took long.
    await stack.prometheus.until(
      'present_over_time(ALERTS{alertname="FalTimeouts", alertstate="firing"}[3m])',
    );
    expect(stack.pagerDuty.incidents()).toEqual([]);
  });
});

describe('a fault of fal', () => {
  test('an outage rings once, for the platform and not once for each model', async () => {
    const report = await story.tell('every model fails (outage)', '4 min', {
      fault: story.scenario('outage'),
      heal: story.heal,
      page: { alertname: 'FalPlatformDown', urgency: 'high' },
      pagedWithinSeconds: 45,
      resolvedWithinSeconds: 90,
    });
    expectOnePage(report, 'critical');
  });

  test('one model that fails rings for this model, through a PagerDuty that answers 429 and 500 first', async () => {
    const { pagerDuty } = story.plant.stack;
    const report = await story.tell('one model fails; PagerDuty answers 429, then 500', '4 min', {
      fault: () => {
        pagerDuty.setMode('rate-limited', 2);
        story.plant.simulator.applyScenario('one-model-outage', { endpointId: MODEL });
      },
      heal: () => {
        pagerDuty.setMode('server-error', 2);
        story.heal();
      },
      page: { alertname: 'FalErrorRateCritical', urgency: 'high', endpointId: MODEL },
      pagedWithinSeconds: 45,
      resolvedWithinSeconds: 90,
    });
    expectOnePage(report, 'critical');
    expect(report.requests.map(({ status }) => status)).toEqual(expect.arrayContaining([429, 500, 202]));
  });

  test('cold starts on every request warn, and ring nobody', async () => {
    const report = await story.tell('every request meets a cold start', '8 min', {
      fault: () => {
        story.plant.simulator.applyScenario('slow-cold-start');
        for (const id of MODELS) {
          const endpoint = story.plant.simulator.world.endpoints.get(id);
          // Longer than the limit of three seconds, short enough to see an end in this story.
          if (endpoint !== undefined) endpoint.coldStart = { medianMs: 5000, sigma: 0.1 };
        }
      },
      heal: story.heal,
      page: { alertname: 'FalLatencyP95High', urgency: 'low', endpointId: MODEL },
      pagedWithinSeconds: 60,
      resolvedWithinSeconds: 90,
    });
    expectOnePage(report, 'warning');
  });
});

test('the table of incidents tells what this run saw', async () => {
  await story.compare('incidents-failing', 3);
});
