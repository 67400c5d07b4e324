import { expect, test } from 'vitest';
import { type SampledSeries, SampleBook } from './sample-book.ts';

const TARGET = { job: 'my-app', instance: 'app:9464' };

function named(series: readonly SampledSeries[], name: string): SampledSeries | undefined {
  return series.find(({ labels }) => Object.fromEntries(labels).__name__ === name);
}

test('a sample gets the labels of its target, in the order that Prometheus wants', () => {
  const book = new SampleBook({ ...TARGET, labels: { account: 'studio' } });
  book.scrape(1000, '# TYPE x counter\nx_total{b="1",a="say \\"hi\\"\\n"} 3\n# EOF\n', 0.1);
  expect(named(book.take(), 'x_total')).toEqual({
    labels: [
      ['__name__', 'x_total'],
      ['a', 'say "hi"\n'],
      ['account', 'studio'],
      ['b', '1'],
      ['instance', 'app:9464'],
      ['job', 'my-app'],
    ],
    times: [1000],
    values: [3],
  });
});

test('a label that the target has as well is kept under another name', () => {
  const book = new SampleBook(TARGET);
  book.scrape(1000, 'x{job="mine"} 1\n', 0.1);
  const labels = Object.fromEntries(named(book.take(), 'x')?.labels ?? []);
  expect(labels).toMatchObject({ job: 'my-app', exported_job: 'mine' });
});

test('what is gone from a scrape is marked as ended there, once, and may come back', () => {
  const book = new SampleBook(TARGET);
  for (const [at, text] of [
    [1, 'a 1\nb 5\n'],
    [2, 'a 2\n'],
    [3, 'a 3\n'],
    [4, 'b 6\na +Inf'],
  ] as const)
    book.scrape(at, text, 0.1);
  const series = book.take();
  expect(named(series, 'b')).toMatchObject({ times: [1, 2, 4], values: [5, undefined, 6] });
  expect(named(series, 'a')).toMatchObject({ times: [1, 2, 3, 4], values: [1, 2, 3, Infinity] });
  expect(named(series, 'scrape_samples_scraped')).toMatchObject({ values: [2, 1, 1, 2] });
});

test('what was taken is not told again', () => {
  const book = new SampleBook(TARGET);
  book.scrape(1, 'a 1\n', 0.1);
  book.take();
  book.scrape(2, 'a 2\n', 0.1);
  expect(named(book.take(), 'a')).toMatchObject({ times: [2], values: [2] });
});
