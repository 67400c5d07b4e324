import type { Bucket, Shown } from '../timeline/buckets.ts';
import { kindOf } from '../timeline/verdict-rank.ts';

/** Pixels: a bar and the space after it; fewer than these cannot be told apart. */
const MIN_PITCH = 5;
const MAX_BUCKETS = 96;

/** Pixels. */
export interface BarSize {
  readonly pitch: number;
  readonly height: number;
}

/**
 * How many bars fit into `width` pixels. No more than there are samples, because a bar must have something to tell;
 * at least one.
 */
export function bucketCount(width: number, rangeMs: number, stepMs: number): number {
  const fitting = Math.floor(width / MIN_PITCH);
  const told = Math.floor(rangeMs / Math.max(1, stepMs));
  return Math.max(1, Math.min(fitting, told, MAX_BUCKETS));
}

/** How a bar looks apart from its colour, so that nobody needs to tell colours apart. */
export type Shape = 'ok' | 'fal' | 'yours' | 'unclear' | 'no-data';

/** Bars that look alike, as one path. */
export interface BarPath {
  readonly shape: Shape;
  /** undefined for no data. */
  readonly verdict: string | undefined;
  /** SVG path data: one rectangle per bar. */
  readonly path: string;
}

/** Verdicts that are for the reader to mend. */
const YOURS: readonly string[] = ['app', 'account'];

/** OK stays low, so that trouble stands out by height as well. */
const LOW = 0.6;

/** The bars of a row: as few elements as there are looks, however many bars there are. */
export function barPaths(buckets: readonly Bucket[], size: BarSize): BarPath[] {
  const paths = new Map<string | undefined, string>();
  buckets.forEach(({ shown }, index) => {
    if (shown === 'future') return;
    const verdict = shown === 'no-data' ? undefined : shown.verdict;
    paths.set(verdict, `${paths.get(verdict) ?? ''}${bar(index, shapeOf(shown), size)}`);
  });
  return [...paths].map(([verdict, path]) => ({
    verdict,
    path,
    shape: verdict === undefined ? 'no-data' : shapeOf({ verdict }),
  }));
}

export function shapeOf(shown: Exclude<Shown, 'future'>): Shape {
  if (shown === 'no-data') return 'no-data';
  const kind = kindOf(shown.verdict);
  if (kind !== 'trouble') return kind;
  return YOURS.includes(shown.verdict) ? 'yours' : 'fal';
}

/** Which bar is at `x` pixels from the left edge; undefined beside the bars. */
export function barAt(x: number, pitch: number, count: number): number | undefined {
  const index = Math.floor(x / pitch);
  return index >= 0 && index < count ? index : undefined;
}

function bar(index: number, shape: Shape, { pitch, height }: BarSize): string {
  const isOutlined = shape === 'no-data';
  // An outline is drawn around its path, so it lies half a pixel inside.
  const inset = isOutlined ? 0.5 : 0;
  const tall = shape === 'ok' || isOutlined ? Math.round(height * LOW) : height;
  const width = pitch - 1 - 2 * inset;
  return `M${index * pitch + inset} ${height - tall + inset}h${width}v${tall - 2 * inset}h${-width}z`;
}
