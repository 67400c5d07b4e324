import { describe, expect, it } from 'vitest';
import type { AppMetricFamily } from '../domain/app-metrics.ts';
import { PlatformError } from '../fal/platform.ts';
import type { Collector } from './collector.ts';
import { APP_TEXT } from './serverless-metrics/test-app-text.ts';
import { createServerlessMetricsCollector } from './serverless-metrics-collector.ts';
import { EVERY_MINUTE, TestFal, platformAnswer } from './test-fal.ts';

interface Shown {
  readonly families: readonly AppMetricFamily[];
  readonly validMs: number;
}

function serverless(fal: TestFal): { collector: Collector; shown: Shown[] } {
  const shown: Shown[] = [];
  const collector = createServerlessMetricsCollector({
    ...{ access: fal.access, config: EVERY_MINUTE },
    show: (families, validMs) => void shown.push({ families, validMs }),
  });
  return { collector, shown };
}

/** What fal answers, as text or as bytes. */
function serve(fal: TestFal, body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}): void {
  fal.answer = () => new Response(body, { headers: { 'content-type': 'text/plain', ...headers } });
}

describe('the collector of fal’s own metrics', () => {
  it('shows what fal has for three intervals, asked for with the API key', async () => {
    const fal = new TestFal();
    const { collector, shown } = serverless(fal);
    await fal.collect(collector);
    expect(fal.asked.map(({ href }) => href)).toEqual(['https://api.fal.ai/v1/serverless/metrics']);
    expect(fal.headers[0]?.get('authorization')).toMatch(/^Key /);
    expect(fal.headers[0]?.get('accept')).toBe('text/plain; version=0.0.4');
    expect(shown).toHaveLength(1);
    expect(shown[0]?.validMs).toBe(180_000);
    const names = shown[0]?.families.map(({ name }) => name);
    expect(names).toContain('fal_app_runners');
    expect(names).toContain('fal_app_request_latency');
    expect(names?.every((name) => name.startsWith('fal_app_'))).toBe(true);
  });

  it('shows nothing, and fails in words, under a text that is too long', async () => {
    const fal = new TestFal('serverless-metrics-huge');
    const { collector, shown } = serverless(fal);
    await expect(fal.collect(collector)).rejects.toThrow(
      new RangeError('GET /serverless/metrics: the answer is larger than 1000000 bytes'),
    );
    expect(shown).toEqual([]);
  });

  it('shows nothing, and fails in words, under a page that says it is text', async () => {
    const fal = new TestFal('serverless-metrics-garbage');
    const { collector, shown } = serverless(fal);
    await expect(fal.collect(collector)).rejects.toThrow(
      /^GET \/serverless\/metrics: line 1 is no exposition text 0\.0\.4: /,
    );
    expect(shown).toEqual([]);
  });

  it.each<[string, string | Buffer<ArrayBuffer>]>([
    ['a text that was cut off', APP_TEXT.slice(0, 150)],
    ['bytes that are no UTF-8', Buffer.from('fal_app_x{a="\xff"} 1\n', 'latin1')],
    ['one broken line among good ones', `${APP_TEXT}fal_app_x{a="b} 1\n`],
    ['a series twice', 'fal_app_x 1\nfal_app_x 2\n'],
    ['a smuggled line', 'fal_app_x 1\r\nfal_account_locked 0\r\n'],
  ])('shows nothing of %s', async (_name, body) => {
    const fal = new TestFal();
    serve(fal, body);
    const { collector, shown } = serverless(fal);
    await expect(fal.collect(collector)).rejects.toThrow(RangeError);
    expect(shown).toEqual([]);
  });

  it.each(['platform-hang', 'platform-rate-limited', 'host-down-platform', 'key-revoked'])(
    'shows nothing under %s',
    async (scenario) => {
      const fal = new TestFal(scenario);
      const { collector, shown } = serverless(fal);
      await expect(fal.collect(collector)).rejects.toThrow(PlatformError);
      expect(shown).toEqual([]);
    },
  );

  it('honours the pause that fal asks for', async () => {
    const fal = new TestFal();
    fal.answer = () =>
      platformAnswer(429, { error: { type: 'rate_limited' } }, { 'x-ratelimit-reset': '42' });
    const failure: unknown = await fal.collect(serverless(fal).collector).catch((error: unknown) => error);
    expect((failure as PlatformError).retryAfterSeconds).toBe(42);
  });

  it('follows no redirect: the key stays with its host', async () => {
    const fal = new TestFal();
    fal.answer = () => new Response(null, { status: 302, headers: { location: 'https://example.com/' } });
    await expect(fal.collect(serverless(fal).collector)).rejects.toThrow(PlatformError);
    expect(fal.asked).toHaveLength(1);
  });

  it('says where it fails when there is no room, and keeps a defect a defect', async () => {
    const fal = new TestFal();
    const failing = (error: Error): Collector =>
      createServerlessMetricsCollector({
        ...{ access: fal.access, config: EVERY_MINUTE },
        show: () => {
          throw error;
        },
      });
    await expect(fal.collect(failing(new RangeError('no room')))).rejects.toThrow(
      'GET /serverless/metrics: no room',
    );
    await expect(fal.collect(failing(new TypeError('a defect')))).rejects.toThrow(TypeError);
  });
});
