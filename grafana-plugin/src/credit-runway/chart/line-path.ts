import type { Sample } from '../account/balance-line.ts';

/** Places on the paper, in pixels. */
export interface Scale {
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
}

/** A scale that maps a span onto pixels; a span without length maps to its beginning. */
export function linear(
  { from, to }: { readonly from: number; readonly to: number },
  pixels: readonly [start: number, end: number],
): (value: number) => number {
  const [start, end] = pixels;
  const length = to - from;
  return (value) => (length === 0 ? start : start + ((value - from) / length) * (end - start));
}

/**
 * SVG path of one run without gaps. What is spent goes down a slope from sample to sample; what is paid in comes at
 * once, so that a rise is a step at the sample that shows it.
 */
export function runPath(run: readonly Sample[], { x, y }: Scale): string {
  const thin = thinned(run, x);
  return thin
    .map((sample, index) => {
      const [left, top] = [round(x(sample.time)), round(y(sample.value))];
      const last = thin[index - 1];
      if (last === undefined) return `M${left},${top}`;
      return sample.value > last.value ? `H${left}V${top}` : `L${left},${top}`;
    })
    .join('');
}

/** The polygon between a run and the ground at `bottom` pixels. */
export function areaPath(run: readonly Sample[], scale: Scale, bottom: number): string {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return '';
  return `${runPath(run, scale)}V${round(bottom)}H${round(scale.x(first.time))}Z`;
}

/**
 * The samples that are visible: of each column of pixels the first, the lowest, the highest and the last one. Eleven
 * thousand samples on four hundred pixels look the same, and are drawn thirty times faster.
 */
export function thinned(run: readonly Sample[], x: (time: number) => number): Sample[] {
  const kept: Sample[] = [];
  let column: Sample[] = [];
  for (const sample of run) {
    const [head] = column;
    if (head !== undefined && Math.floor(x(head.time)) !== Math.floor(x(sample.time))) {
      kept.push(...extremes(column));
      column = [];
    }
    column.push(sample);
  }
  return [...kept, ...extremes(column)];
}

function extremes(column: readonly Sample[]): readonly Sample[] {
  if (column.length <= 4) return column;
  let lowest = 0;
  let highest = 0;
  column.forEach(({ value }, index) => {
    if (value < (column[lowest]?.value ?? value)) lowest = index;
    if (value > (column[highest]?.value ?? value)) highest = index;
  });
  const indices = new Set([0, lowest, highest, column.length - 1]);
  return column.filter((_, index) => indices.has(index));
}

/** A tenth of a pixel is enough, and keeps the page small. */
export function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
