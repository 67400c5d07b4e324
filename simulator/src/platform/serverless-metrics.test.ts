import { expect, test } from 'vitest';
import { FAKE_API_KEY } from '../default-world.ts';
import { type PlatformFixture, platformFixture } from './platform-fixture.ts';

const LINE = /^([a-z_]+)\{((?:[a-z_]+="[^"]*",?)+)\} (\d+(?:\.\d+)?)$/;
const PATH = '/serverless/metrics';

/** Names and labels as fal's documentation has them. */
const FAMILIES = {
  fal_app_runners: ['application', 'machine_type', 'state'],
  fal_app_queue_size: ['application'],
  fal_app_concurrent_requests: ['application'],
  fal_app_requests_completed: ['application', 'method', 'status'],
  fal_app_requests_received: ['application', 'method'],
  fal_app_request_latency: ['application', 'le'],
  fal_app_runner_cpu_usage_percent: ['application'],
  fal_app_runner_memory_usage_bytes: ['application'],
  fal_app_runner_gpu_utilization_percent: ['application'],
  fal_app_runner_vram_usage_percent: ['application'],
  fal_app_runner_gpu_count: ['application'],
};

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

async function textOf(fixture: PlatformFixture): Promise<string> {
  const { status, headers, body } = await fixture.ask(PATH, { key: FAKE_API_KEY });
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/plain/);
  return body as string;
}

function seriesIn(text: string): Series[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? [];
    expect(name, line).not.toBe('');
    const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text]);
    return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
  });
}

test('an API key reads every documented family as gauges, with its labels, for three apps of the account', async () => {
  const text = await textOf(platformFixture());
  const series = seriesIn(text);
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
  expect(types).toEqual(Object.keys(FAMILIES).map((name) => [name, 'gauge']));
  for (const [name, labels] of Object.entries(FAMILIES)) {
    const own = series.filter((each) => each.name === name);
    expect(new Set(own.map((each) => each.labels.application)), name).toEqual(
      new Set(['simulated-team/thumbnailer', 'simulated-team/upscaler', 'simulated-team/voice-over']),
    );
    for (const each of own) expect(Object.keys(each.labels)).toEqual(labels);
  }
  expect(new Set(series.map(({ name, labels }) => name + JSON.stringify(labels))).size).toBe(series.length);
});

test('the numbers of one app agree with each other over a whole day', async () => {
  const fixture = platformFixture();
  const queues: number[] = [];
  for (let quarter = 0; quarter < 96; quarter += 1) {
    const series = seriesIn(await textOf(fixture)).filter(
      ({ labels }) => labels.application === 'simulated-team/voice-over',
    );
    const sum = (name: string, label?: string, text?: string): number =>
      series
        .filter((each) => each.name === `fal_app_${name}`)
        .filter(({ labels }) => label === undefined || labels[label] === text)
        .reduce((total, { value }) => total + value, 0);
    expect(sum('requests_completed')).toBe(sum('requests_received'));
    expect(sum('request_latency', 'le', '+Inf')).toBe(sum('requests_completed'));
    expect(sum('request_latency', 'le', '0.5')).toBeLessThanOrEqual(sum('request_latency', 'le', '30'));
    expect(sum('concurrent_requests')).toBeLessThanOrEqual(sum('runners', 'state', 'running'));
    queues.push(sum('queue_size'));
    await fixture.clock.advance(900_000);
  }
  expect(Math.min(...queues)).toBe(0);
  expect(Math.max(...queues)).toBeGreaterThan(0);
});

test('the answer stays for ten seconds, moves on with time, and follows the seed', async () => {
  const fixture = platformFixture();
  const first = await textOf(fixture);
  const changedAt: number[] = [];
  let before = first;
  for (let second = 1; second <= 1200; second += 1) {
    await fixture.clock.advance(1000);
    const text = await textOf(fixture);
    if (text !== before) changedAt.push(second);
    before = text;
  }
  expect(changedAt.length).toBeGreaterThan(10);
  expect(changedAt.filter((second) => second % 10 !== 0)).toEqual([]);
  expect(await textOf(platformFixture())).toBe(first);
  expect(await textOf(platformFixture({ seed: 2 }))).not.toBe(first);
});

test('huge is a good exposition of more than 8 MiB, garbage is none, and none is empty', async () => {
  const fixture = platformFixture();
  fixture.engine.setSwitches({ serverlessMetrics: 'huge' });
  const huge = await textOf(fixture);
  expect(Buffer.byteLength(huge)).toBeGreaterThan(8 * 1024 * 1024);
  expect(Buffer.byteLength(huge)).toBeLessThan(16 * 1024 * 1024);
  for (const line of huge.split('\n').slice(0, 500)) if (!/^(#|$)/.test(line)) expect(line).toMatch(LINE);
  fixture.engine.setSwitches({ serverlessMetrics: 'garbage' });
  const garbage = await textOf(fixture);
  expect(garbage.split('\n').some((line) => LINE.test(line) || line.startsWith('# TYPE'))).toBe(false);
  expect(garbage.trim()).not.toBe('');
  fixture.engine.setSwitches({ serverlessMetrics: 'none' });
  expect(await textOf(fixture)).toBe('');
});
