import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { measuredByOtlp, measuredByScrape } from './examples/measured.ts';
import { freePort } from './free-port.ts';
import { type HttpSink, OTLP_TAKEN, startHttpSink } from './http-sink.ts';
import { REPOSITORY } from './package/npm.ts';
import type { App } from './register/apps.ts';
import {
  REGISTER,
  type RunOptions,
  createAppFolder,
  registerAmong,
  runApp,
} from './register/measured-app.ts';

/** The release of OpenTelemetry that the repository has. */
const { version: OPENTELEMETRY } = JSON.parse(
  readFileSync(join(REPOSITORY, 'node_modules', '@opentelemetry', 'instrumentation', 'package.json'), 'utf8'),
) as { readonly version: string };

const ONE_CALL = { requests: { 'fal-ai/flux/schnell run ok': 1 }, units: { 'fal-ai/flux/schnell': 2 } };

const root = mkdtempSync(join(tmpdir(), 'fal-observability-register-'));
const folder = join(root, 'app');
let port: string;
let collector: HttpSink;

beforeAll(() => {
  createAppFolder(folder);
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

beforeEach(async () => {
  port = String(await freePort());
  collector = await startHttpSink(OTLP_TAKEN);
});

afterEach(() => collector.stop());

const pushing = (endpoint = collector.url): Record<string, string> => ({
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
});

const run = (app: App, options: Partial<RunOptions> = {}): ReturnType<typeof runApp> =>
  runApp({
    folder,
    app,
    preload: [REGISTER],
    ...options,
    env: { OTEL_EXPORTER_PROMETHEUS_PORT: port, ...options.env },
  });

const pushed = (path: string): HttpSink['deliveries'] =>
  collector.deliveries.filter((delivery) => delivery.path === path);

describe('how the app ends is how it ends without us', () => {
  const ENDS: readonly { app: App; signal?: 'SIGINT' | 'SIGTERM'; isFlushed: boolean }[] = [
    { app: 'ends.mjs', isFlushed: true },
    { app: 'exit-code.mjs', isFlushed: true },
    { app: 'exits.mjs', isFlushed: false },
    { app: 'throws.mjs', isFlushed: false },
    { app: 'rejects.mjs', isFlushed: false },
    { app: 'waits.mjs', signal: 'SIGTERM', isFlushed: true },
    { app: 'waits.mjs', signal: 'SIGINT', isFlushed: true },
    { app: 'leaves.mjs', signal: 'SIGTERM', isFlushed: false },
    { app: 'leaves-last.mjs', signal: 'SIGTERM', isFlushed: false },
  ];

  test.each(ENDS)('$app $signal', async ({ app, signal, isFlushed }) => {
    const how = signal === undefined ? {} : { signal };
    const [bare, scraped, pushes] = await Promise.all([
      run(app, { ...how, preload: [] }),
      run(app, how),
      run(app, { ...how, env: pushing() }),
    ]);

    for (const { code, signal: by, output } of [scraped, pushes])
      expect({ code, by, output }).toEqual({ code: bare.code, by: bare.signal, output: bare.output });
    // What ends at once has no time to push; what ends by itself, or by a signal alone, has.
    if (isFlushed) expect(measuredByOtlp(pushed('/v1/metrics'))).toEqual(ONE_CALL);
  });

  describe('also when the collector hangs', () => {
    let hanging: Server;
    let endpoint: string;

    beforeAll(async () => {
      hanging = createServer().listen(0, '127.0.0.1');
      await once(hanging, 'listening');
      endpoint = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
    });

    afterAll(() => {
      hanging.close();
    });

    test('a signal is held back for five seconds', async () => {
      const env = pushing(endpoint);
      const { code, signal, tookMs } = await run('waits.mjs', { signal: 'SIGTERM', env });
      expect({ code, signal }).toEqual({ code: null, signal: 'SIGTERM' });
      expect(tookMs).toBeLessThan(7_000);
    });

    test('the end of all work is, too', async () => {
      const { code, tookMs } = await run('ends.mjs', { env: pushing(endpoint) });
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(9_000);
    });
  });
});

describe('by default', () => {
  test('metrics are on the port, and nobody is connected to', async () => {
    const { code, output } = await run('scrapes.mjs', { env: { OTEL_SERVICE_NAME: 'pictures' } });
    expect(code).toBe(0);
    expect(measuredByScrape(output)).toEqual(ONE_CALL);
    expect(output).toContain('service_name="pictures"');
    // The command line of a process may hold a secret.
    expect(output).not.toContain('process_command');
    expect(
      output.split('\n').filter((line) => line !== '' && !/^(#|fal_client_|target_info)/.test(line)),
    ).toEqual([]);
  });

  test('traces go to the place that the app has for them', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    const { output } = await run('scrapes.mjs', { env });
    expect(measuredByScrape(output)).toEqual(ONE_CALL);
    expect(pushed('/v1/traces').map(({ body }) => body)).toEqual([
      expect.stringContaining('fal-ai/flux/schnell'),
    ]);
    expect(pushed('/v1/metrics')).toEqual([]);
    expect(pushed('/v1/logs')).toEqual([]);
  });

  test('OTEL_SDK_DISABLED switches everything off', async () => {
    expect((await run('scrapes.mjs', { env: { OTEL_SDK_DISABLED: 'true' } })).output).toBe('no metrics\n');
  });

  test('a second preload of the same entry changes nothing', async () => {
    const { output } = await run('scrapes.mjs', { preload: [REGISTER, `${REGISTER}?again`] });
    expect(measuredByScrape(output)).toEqual(ONE_CALL);
  });
});

describe('what is wrong is one clear line, and the app runs on', () => {
  /** Ours first: it goes to standard error, and the streams race each other. */
  const linesOf = (output: string): readonly string[] => {
    const lines = output.split('\n').filter((line) => line !== '');
    const isOurs = (line: string): boolean => line.startsWith('opentelemetry-instrumentation-fal: ');
    return [...lines.filter(isOurs), ...lines.filter((line) => !isOurs(line))];
  };

  test('a port that is taken', async () => {
    const other = createServer().listen(Number(port), '127.0.0.1');
    await once(other, 'listening');
    const { code, output } = await run('ends.mjs');
    other.close();
    expect(code).toBe(0);
    expect(linesOf(output)).toEqual([
      expect.stringContaining(`127.0.0.1:${port}/metrics: another process has the port`),
      'done',
    ]);
  });

  test('a child process that inherits NODE_OPTIONS, and with them the port', async () => {
    const env = { NODE_OPTIONS: `--import ${REGISTER}` };
    const { code, output } = await run('parent.mjs', { preload: [], env });
    expect(code).toBe(0);
    expect(linesOf(output)).toHaveLength(1);
    expect(output).toMatch(/^child 0 .*another process has the port/);
  });

  test.each([
    [['@opentelemetry/api', '@opentelemetry/instrumentation'], `@opentelemetry/sdk-node@${OPENTELEMETRY}`],
    [['@opentelemetry/api'], '@opentelemetry/instrumentation @opentelemetry/sdk-node'],
    [[], '@opentelemetry/api @opentelemetry/instrumentation @opentelemetry/sdk-node'],
  ])('of OpenTelemetry only %j is installed', async (installed, missing) => {
    const register = registerAmong(join(root, `only-${installed.length}`), installed);
    const { code, output } = await run('ends.mjs', { preload: [register] });
    expect(code).toBe(0);
    const [line = '', ...rest] = linesOf(output);
    expect(line).toMatch(/^opentelemetry-instrumentation-fal: \/register needs @opentelemetry\//);
    expect(line.endsWith(`Install it: npm install ${missing}`)).toBe(true);
    expect(rest).toEqual(['done']);
  });

  test('values that make no sense', async () => {
    const wrong = {
      OTEL_INSTRUMENTATION_FAL_PRICES: 'no-such-file.json',
      OTEL_INSTRUMENTATION_FAL_FETCH_PRICES: 'perhaps',
      OTEL_INSTRUMENTATION_FAL_ATTRIBUTES: 'outcome',
      OTEL_INSTRUMENTATION_FAL_GENAI: 'v9',
      OTEL_INSTRUMENTATION_FAL_MAX_ENDPOINTS: '-5',
      OTEL_METRICS_EXPORTER: 'graphite',
      OTEL_METRIC_EXPORT_INTERVAL: 'often',
    };
    const { code, output } = await run('scrapes.mjs', { env: wrong });
    expect(code).toBe(0);
    const [line, ...rest] = linesOf(output);
    for (const name of Object.keys(wrong)) expect(line).toContain(`${name}: `);
    expect(rest.filter((each) => !/^(#|fal_client_|target_info)/.test(each))).toEqual([]);
    expect(measuredByScrape(output)).toEqual(ONE_CALL);
  });

  test('unless the app wants to hear nothing', async () => {
    const env = { OTEL_INSTRUMENTATION_FAL_GENAI: 'v9', OTEL_LOG_LEVEL: 'none' };
    expect((await run('ends.mjs', { env })).output).toBe('done\n');
  });
});

describe('in company', () => {
  test('an SDK of the app keeps its place, and gets the measurements', async () => {
    const { output } = await run('ends.mjs', { preload: ['./own-sdk.mjs', REGISTER] });
    expect(output).toBe('done\nown SDK: 1\n');
  });

  test('tracing that the app starts later finds every place free', async () => {
    expect((await run('own-traces.mjs')).output).toBe('true true true\n');
  });

  test('a worker thread runs as it would', async () => {
    expect(await run('worker.mjs')).toMatchObject({ code: 0, output: 'done\nworker 0\n' });
  });

  test('a package manager that starts the app leaves the port to it', async () => {
    const env = { NODE_OPTIONS: `--import ${REGISTER}` };
    const { output } = await run('npm-cli.mjs', { preload: [], env });
    expect(output).not.toContain('another process');
    expect(measuredByScrape(output)).toEqual(ONE_CALL);
  });
});
