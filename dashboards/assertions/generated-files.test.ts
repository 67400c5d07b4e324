import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildDashboard, DASHBOARDS } from '../src/index.ts';

const FOLDER = join(import.meta.dirname, '..', 'json');

test.each(DASHBOARDS.map((spec) => [spec.uid, spec] as const))(
  'json/%s.json is what the code generates, byte for byte: npm run generate',
  (uid, spec) => {
    expect(readFileSync(join(FOLDER, `${uid}.json`), 'utf8')).toBe(
      `${JSON.stringify(buildDashboard(spec), null, 2)}\n`,
    );
  },
);

test('there is a file for each dashboard, and no other', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  expect(files.toSorted()).toEqual(DASHBOARDS.map(({ uid }) => `${uid}.json`).toSorted());
});

test('building twice gives the same bytes', () => {
  const twice = [0, 1].map(() => hash(JSON.stringify(DASHBOARDS.map(buildDashboard))));
  expect(twice[0]).toBe(twice[1]);
});

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
