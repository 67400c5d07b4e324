import { describe, expect, it } from 'vitest';
import { APP_METRIC_PREFIX, type AppMetricFamily } from '../domain/app-metrics.ts';
import { METRICS, configLastReloadSuccessful, scrapeDuration } from '../metrics/catalogue.ts';
import { HandClock } from '../metrics/hand-clock.ts';
import { MetricStore } from '../metrics/store.ts';
import { AppMetrics } from './app-metrics.ts';
import { parseExposition } from './golden/strict-parser.ts';
import { createMetricProducer } from './otlp-producer.ts';
import { createScraper } from './scrape.ts';

const LATENCY: AppMetricFamily = {
  name: 'fal_app_request_latency',
  help: 'Back\\slash, "quotes" and\na second line',
  isGauge: false,
  samples: [
    {
      labels: [
        ['application', 'me/"paint"\\\n'],
        ['le', '0.5'],
      ],
      value: 3,
    },
    {
      labels: [
        ['application', 'me/"paint"\\\n'],
        ['le', '+Inf'],
      ],
      value: 5,
    },
  ],
};
const QUEUE: AppMetricFamily = {
  ...{ name: 'fal_app_queue_size', help: 'Waiting', isGauge: true },
  samples: [{ labels: [], value: Infinity }],
};

interface Rig {
  readonly clock: HandClock;
  readonly store: MetricStore;
  readonly apps: AppMetrics;
  readonly scrape: (dialect?: 'text' | 'openmetrics') => Promise<string>;
}

function rig(limit = 100): Rig {
  const clock = new HandClock();
  const store = new MetricStore({ clock, limit, expireAfterMs: 1000 });
  const apps = new AppMetrics(store, clock);
  const scraper = createScraper({ store, clock, appendix: apps.current });
  const scrape: Rig['scrape'] = async (dialect = 'text') => {
    const accept = dialect === 'text' ? undefined : 'application/openmetrics-text; version=1.0.0';
    return (await scraper({ accept })).body.toString();
  };
  return { clock, store, apps, scrape };
}

describe('the metrics of deployed apps in a scrape', () => {
  it.each([
    { dialect: 'text', untyped: 'untyped' },
    { dialect: 'openmetrics', untyped: 'unknown' },
  ] as const)('stand behind ours as they came, in $dialect', async ({ dialect, untyped }) => {
    const { apps, store, scrape } = rig();
    store.bind(configLastReloadSuccessful, {}).set(1);
    apps.show([LATENCY, QUEUE], 1000);
    const body = await scrape(dialect);
    const families = parseExposition(body, dialect);
    expect([...families.keys()]).toEqual([
      ...['fal_exporter_config_last_reload_successful', 'fal_app_request_latency', 'fal_app_queue_size'],
    ]);
    expect(families.get('fal_app_queue_size')).toMatchObject({ type: 'gauge', help: 'Waiting' });
    expect(families.get('fal_app_request_latency')).toEqual({
      ...{ type: untyped, unit: undefined, help: LATENCY.help },
      samples: LATENCY.samples.map(({ labels, value }) => ({
        ...{ name: 'fal_app_request_latency', labels: Object.fromEntries(labels), value },
      })),
    });
    expect(body).toContain('fal_app_queue_size +Inf\n');
  });

  it('are replaced by the next ones', async () => {
    const { apps, scrape } = rig();
    apps.show([LATENCY], 1000);
    apps.show([QUEUE], 1000);
    expect(await scrape()).not.toContain('latency');
    apps.show([], 1000);
    expect(await scrape()).not.toContain(APP_METRIC_PREFIX);
  });

  it('go when they are too old to say anything about now, and give their room back', async () => {
    const { apps, scrape, clock, store } = rig();
    apps.show([LATENCY], 1000);
    clock.advance(1000);
    expect(await scrape()).toContain('fal_app_request_latency');
    expect(store.stats.lines).toBe(3);
    clock.advance(1);
    expect(await scrape()).not.toContain('fal_app');
    expect(store.stats.lines).toBe(1);
  });

  it('count against the limit of series, together with ours', () => {
    // One line is the duration of scrapes.
    const { apps, store } = rig(3);
    apps.show([LATENCY], 1000);
    expect(store.stats).toMatchObject({ lines: 3, refused: 0 });
    store.bind(configLastReloadSuccessful, {}).set(1);
    expect(store.stats).toMatchObject({ lines: 3, refused: 1 });
    apps.show([QUEUE], 1000);
    store.bind(configLastReloadSuccessful, {}).set(1);
    expect(store.stats).toMatchObject({ lines: 3, refused: 1 });
  });

  it('are not shown, old ones neither, when they do not fit', async () => {
    const { apps, store, scrape } = rig(2);
    apps.show([QUEUE], 1000);
    expect(() => apps.show([LATENCY], 1000)).toThrow(
      new RangeError('its 2 samples do not fit under series.limit; raise it, or switch this off'),
    );
    expect(store.stats).toMatchObject({ lines: 1, refused: 2 });
    expect(await scrape()).not.toContain('fal_app');
  });

  it('can never have the name of one of ours', () => {
    expect(METRICS.filter(({ name }) => name.startsWith(APP_METRIC_PREFIX))).toEqual([]);
    const { apps } = rig();
    expect(() => apps.show([{ ...QUEUE, name: scrapeDuration.name }], 1000)).toThrow(TypeError);
  });

  it('are not pushed by OTLP: they are fal’s and not ours', async () => {
    const { apps, store } = rig();
    apps.show([QUEUE], 1000);
    const { resourceMetrics } = await createMetricProducer(store, '1').collect();
    expect(resourceMetrics.scopeMetrics).toEqual([]);
  });
});
