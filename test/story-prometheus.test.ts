import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkMetrics, promtool } from './promtool.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';
import { waitUntil } from './wait-until.ts';

const FAMILY =
  '# HELP kiln_temperature_celsius How hot the kiln is.\n# TYPE kiln_temperature_celsius gauge\n';
const TEXT = `${FAMILY}kiln_temperature_celsius{place="left \\"corner\\""} 1200.5\n`;
const OPEN_METRICS = `${FAMILY}# UNIT kiln_temperature_celsius celsius\n${TEXT.slice(FAMILY.length)}# EOF\n`;

/** A scrape target that remembers what it was asked for. */
interface Target {
  readonly server: Server;
  readonly requests: IncomingMessage['headers'][];
  readonly address: string;
}

async function startTarget(): Promise<Target> {
  const requests: IncomingMessage['headers'][] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push(request.headers);
    const open = request.headers.accept?.includes('application/openmetrics-text') ?? false;
    response.setHeader(
      'content-type',
      open ? 'application/openmetrics-text; version=1.0.0; charset=utf-8' : 'text/plain; version=0.0.4',
    );
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(open ? OPEN_METRICS : TEXT));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, requests, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function closeTarget({ server }: Target): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

describe('a real Prometheus on the shipped configuration', () => {
  let target: Target;
  let prometheus: Prometheus;

  beforeAll(async () => {
    target = await startTarget();
    prometheus = await startPrometheus({ targets: { 'fal-exporter': [target.address] } });
  });

  afterAll(async () => {
    await prometheus.stop();
    await closeTarget(target);
  });

  test('scrapes the exporter job as OpenMetrics and gzip, and reads awkward label text', async () => {
    const samples = await prometheus.until('kiln_temperature_celsius');
    expect(samples).toEqual([
      {
        labels: {
          __name__: 'kiln_temperature_celsius',
          place: 'left "corner"',
          job: 'fal-exporter',
          instance: target.address,
        },
        value: 1200.5,
        at: expect.any(Number) as number,
      },
    ]);
    expect(target.requests[0]?.['accept-encoding']).toBe('gzip');
  });

  test('scrapes itself, so that both jobs are up', async () => {
    await prometheus.until('count(up == 1) == 2');
    const targets = await prometheus.targets();
    expect(targets.map(({ job, health, lastError }) => ({ job, health, lastError }))).toEqual(
      expect.arrayContaining([
        { job: 'fal-exporter', health: 'up', lastError: '' },
        { job: 'prometheus', health: 'up', lastError: '' },
      ]),
    );
    expect(targets.find(({ job }) => job === 'fal-exporter')?.url).toBe(`http://${target.address}/metrics`);
  });

  test('answers range queries', async () => {
    const { at: end } = (await prometheus.until('count_over_time(kiln_temperature_celsius[1m]) >= 3'))[0] ?? {
      at: 0,
    };
    const [series] = await prometheus.queryRange('kiln_temperature_celsius', {
      start: end - 10,
      end,
      stepSeconds: 1,
    });
    expect(series?.labels.job).toBe('fal-exporter');
    expect(series?.points.length).toBeGreaterThanOrEqual(2);
    expect(series?.points.at(-1)).toEqual({ at: end, value: 1200.5 });
  });

  test('keeps type, help and unit of what it scraped', async () => {
    await prometheus.until('kiln_temperature_celsius');
    await expect(prometheus.metadata('kiln_temperature_celsius')).resolves.toEqual({
      kiln_temperature_celsius: [{ type: 'gauge', help: 'How hot the kiln is.', unit: 'celsius' }],
    });
  });

  test('infinities and NaN come through as such, and scalars as one sample', async () => {
    const values = await Promise.all(
      ['1 / 0', '-1 / 0', '0 / 0'].map(async (promql) => (await prometheus.query(promql))[0]?.value),
    );
    expect(values).toEqual([Infinity, -Infinity, NaN]);
    await expect(prometheus.query('42', 1_000)).resolves.toEqual([{ labels: {}, value: 42, at: 1_000 }]);
  });

  test("a query that Prometheus refuses is rejected with Prometheus's own words", async () => {
    await expect(prometheus.query('up{')).rejects.toThrow('parse error');
  });

  test('a target that is gone is seen to be down', async () => {
    const brief = await startTarget();
    const second = await startPrometheus({ targets: { 'fal-exporter': [brief.address] } });
    try {
      await second.until('up{job="fal-exporter"} == 1');
      await closeTarget(brief);
      await second.until('up{job="fal-exporter"} == 0');
      const down = (await second.targets()).find(({ job }) => job === 'fal-exporter');
      expect(down).toMatchObject({ health: 'down', lastError: expect.stringContaining('refused') as string });
    } finally {
      await second.stop();
    }
    expect(existsSync(second.folder)).toBe(false);
    await waitUntil(
      'nobody listens there any more',
      () =>
        fetch(second.url).then(
          () => undefined,
          () => true,
        ),
      { withinMs: 5_000 },
    );
  });

  test('a flag that Prometheus does not know is reported with its own words', async () => {
    const start = startPrometheus({
      targets: { 'fal-exporter': [target.address] },
      flags: ['--no-such-flag'],
    });
    await expect(start).rejects.toThrow(/ended before it was ready[^]*unknown long flag/);
  });
});

describe('promtool', () => {
  test('finds nothing wrong with the shipped configuration, whose rules are optional', async () => {
    const file = join(import.meta.dirname, '..', 'prometheus', 'prometheus.yml');
    const { exitCode, output } = await promtool(['check', 'config', file]);
    expect(output).toContain('SUCCESS');
    expect(exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('rules/*.yml');
  });

  test('passes a clean exposition, and tells a bad name from a broken line', async () => {
    await expect(checkMetrics(TEXT)).resolves.toEqual({ exitCode: 0, output: '' });
    const bad = await checkMetrics(
      '# HELP kiln_door_total Doors.\n# TYPE kiln_door_total gauge\nkiln_door_total 1\n',
    );
    expect(bad.exitCode).toBe(3);
    expect(bad.output).toContain('kiln_door_total');
    expect((await checkMetrics('kiln_door{ 1\n')).exitCode).toBe(1);
  });
});
