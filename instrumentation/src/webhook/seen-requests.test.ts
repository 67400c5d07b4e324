import { expect, test } from 'vitest';
import { SeenRequests } from './seen-requests.ts';

const HOUR = 3_600_000;

test('the latest ten thousand ids are kept, and one that comes again is a latest one', () => {
  const seen = new SeenRequests(() => 0);
  for (let id = 0; id < 10_000; id += 1) expect(seen.note(`job-${id}`)).toBe(false);
  expect(seen.note('job-0')).toBe(true);
  for (let id = 10_000; id < 19_999; id += 1) expect(seen.note(`job-${id}`)).toBe(false);
  expect(seen.size).toBe(10_000);
  expect(seen.note('job-0')).toBe(true);
  expect(seen.note('job-1')).toBe(false);
});

test('ids are forgotten two hours after they were last seen', () => {
  let now = 0;
  const seen = new SeenRequests(() => now);
  seen.note('a');
  now = HOUR;
  seen.note('b');
  expect(seen.note('a')).toBe(true);
  now = 3 * HOUR;
  expect(seen.note('a')).toBe(true);
  now = 5 * HOUR + 1;
  expect(seen.note('a')).toBe(false);
  expect(seen.size).toBe(1);
});
