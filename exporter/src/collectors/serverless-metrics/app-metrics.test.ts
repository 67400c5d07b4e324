import { describe, expect, it } from 'vitest';
import { readAppMetrics } from './app-metrics.ts';
import { ExpositionTextError } from './exposition-text.ts';
import { APP_TEXT } from './test-app-text.ts';

describe('the metrics of deployed apps', () => {
  it('keep their names, labels, help and values', async () => {
    const [runners, latency, ...others] = await readAppMetrics(APP_TEXT);
    expect(others).toEqual([]);
    expect(runners).toEqual({
      name: 'fal_app_runners',
      help: 'Runners by state',
      isGauge: true,
      samples: ['running', 'pending'].map((state) => ({
        labels: [
          ['application', 'me/paint'],
          ['machine_type', 'GPU-H100'],
          ['state', state],
        ],
        value: state === 'running' ? 2 : 0,
      })),
    });
    expect(latency).toMatchObject({ name: 'fal_app_request_latency', isGauge: false });
  });

  it('are those with the prefix; the rest is checked and dropped', async () => {
    const names = async (text: string): Promise<string[]> =>
      (await readAppMetrics(text)).map(({ name }) => name);
    expect(await names('up 1\nfal_apps 1\nfal_app_x 1\nFAL_APP_y 1\nfal_account_locked 1\n')).toEqual([
      'fal_app_x',
    ]);
    await expect(names('fal_app_x 1\nup one\n')).rejects.toThrow(ExpositionTextError);
  });

  it('may be none at all', async () => {
    expect(await readAppMetrics('')).toEqual([]);
    expect(await readAppMetrics('# HELP fal_app_x nothing yet\n')).toEqual([]);
  });

  it('leave out what fal says it does not know', async () => {
    expect(await readAppMetrics('fal_app_x NaN\nfal_app_y{a="1"} NaN\nfal_app_y{a="2"} 1\n')).toMatchObject([
      { name: 'fal_app_y', samples: [{ value: 1 }] },
    ]);
  });

  it.each([
    ['a label that belongs to histograms', '# TYPE fal_app_x gauge\nfal_app_x{le="1"} 1\n'],
    ['a label that belongs to summaries', '# TYPE fal_app_x gauge\nfal_app_x{quantile="1"} 1\n'],
    ['a name that belongs to counters', '# TYPE fal_app_x_total gauge\nfal_app_x_total 1\n'],
    ['no type', 'fal_app_x 1\n'],
    ['another type', '# TYPE fal_app_x_total counter\nfal_app_x_total 1\n'],
  ])('are gauges no more with %s', async (_name, text) => {
    expect(await readAppMetrics(text)).toMatchObject([{ isGauge: false }]);
  });

  it('come apart when they are a histogram, with the help of the whole', async () => {
    const text =
      '# HELP fal_app_x How long\n# TYPE fal_app_x histogram\nfal_app_x_bucket{le="+Inf"} 1\nfal_app_x_sum 2\nfal_app_x_count 1\n';
    expect(await readAppMetrics(text)).toMatchObject(
      ['bucket', 'sum', 'count'].map((part) => ({
        name: `fal_app_x_${part}`,
        help: 'How long',
        isGauge: false,
      })),
    );
  });

  it('always have a help', async () => {
    expect((await readAppMetrics('# HELP fal_app_x \nfal_app_x 1\n'))[0]?.help).toMatch(/\w/);
  });

  it('are refused when the text was cut off', async () => {
    await expect(readAppMetrics(APP_TEXT.slice(0, -1))).rejects.toThrow(/^line 8 .*ends in the middle/);
    await expect(readAppMetrics(APP_TEXT.slice(0, 100))).rejects.toThrow(ExpositionTextError);
  });

  it('are five thousand at most', async () => {
    const lines = (count: number): string =>
      Array.from({ length: count }, (_, n) => `fal_app_x{n="${n}"} 1\n`).join('');
    expect((await readAppMetrics(lines(5000)))[0]?.samples).toHaveLength(5000);
    await expect(readAppMetrics(lines(5001))).rejects.toThrow('more than 5000 samples');
  });

  it('let the event loop turn while a long text is read', async () => {
    let turns = 0;
    const breathe = (): Promise<void> => Promise.resolve(void (turns += 1));
    await readAppMetrics('# nothing\n'.repeat(10_000), { breathe });
    expect(turns).toBe(39);
  });
});
