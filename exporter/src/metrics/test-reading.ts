import type { MetricStore } from './store.ts';

export type Labels = Readonly<Record<string, string>>;

/** For tests: series of a family that have a value, by labels: the value, or a histogram's count. */
export function shownIn(store: MetricStore, name: string, where: Labels = {}): Record<string, number> {
  const family = store.collect().families.find((candidate) => candidate.name === name);
  const found: Record<string, number> = {};
  family?.series.forEach(({ labels }, i) => {
    const isWanted = Object.entries(where).every(([label, value]) => labels.values[label] === value);
    const last = family.width === 1 ? 0 : family.width - 2;
    const value = family.values[i * family.width + last] ?? NaN;
    if (isWanted && !Number.isNaN(value)) found[labels.text] = value;
  });
  return found;
}

/** For tests: the sum over those series. */
export function totalIn(store: MetricStore, name: string, where?: Labels): number {
  return Object.values(shownIn(store, name, where)).reduce((sum, value) => sum + value, 0);
}
