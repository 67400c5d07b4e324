import { describe, expect, test } from 'vitest';
import { BUILT, panelsOf, type Panel } from './grafana-json.ts';

const COLUMNS = 24;

describe.each(BUILT.map((dashboard) => [dashboard.uid, dashboard] as const))('%s', (_, dashboard) => {
  const shown = dashboard.panels;

  test('keeps its panels inside the columns, and apart', () => {
    for (const { gridPos, title } of shown) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(COLUMNS);
    }
    const pairs = shown.flatMap((first, index) =>
      shown.slice(index + 1).map((second) => [first, second] as const),
    );
    expect(pairs.filter(([first, second]) => overlap(first, second))).toEqual([]);
  });

  test('leaves no holes: each line of panels is as wide as the page', () => {
    const rows = shown.filter(({ type }) => type === 'row').map(({ gridPos }) => gridPos.y);
    const area = panelsOf(dashboard)
      .filter((panel) => shown.includes(panel))
      .reduce((sum, { gridPos: { w, h } }) => sum + w * h, 0);
    const bottom = Math.max(...shown.map(({ gridPos: { y, h } }) => y + h));
    expect(area).toBe((bottom - rows.length) * COLUMNS);
  });

  test('numbers each panel once', () => {
    const ids = [...shown, ...shown.flatMap(({ panels }) => panels ?? [])].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.min(...ids)).toBeGreaterThan(0);
  });

  test('has panels under each of its rows', () => {
    shown.forEach((panel, index) => {
      if (panel.type !== 'row') return;
      const next = shown[index + 1];
      expect(
        (panel.panels?.length ?? 0 > 0) ? true : next !== undefined && next.type !== 'row',
        panel.title,
      ).toBe(true);
    });
  });
});

test('titles and uids are unique', () => {
  expect(new Set(BUILT.map(({ uid }) => uid)).size).toBe(BUILT.length);
  expect(new Set(BUILT.map(({ title }) => title)).size).toBe(BUILT.length);
});

test('a title fits into its tile: about three letters per column', () => {
  const tight = BUILT.flatMap((dashboard) => panelsOf(dashboard))
    .filter(({ gridPos: { w }, type }) => w <= 4 && type === 'stat')
    .filter(({ title, gridPos: { w } }) => title.replace('$window', '15m').length > w * 6);
  expect(tight.map(({ title, gridPos }) => `${title} in ${gridPos.w}`)).toEqual([]);
});

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
