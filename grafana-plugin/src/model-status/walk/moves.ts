/** Where the keyboard is in the table. */
export interface Position {
  readonly row: number;
  /** Bar of the row; undefined while the whole row is meant. */
  readonly bucket: number | undefined;
}

export interface Extent {
  readonly rows: number;
  readonly buckets: number;
}

/** A key with what was held down beside it. */
export interface Stroke {
  readonly key: string;
  readonly isCtrl: boolean;
}

const PAGE = 10;
const ROW_STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE,
  PageUp: -PAGE,
};

/**
 * Where a key leads, as in any grid: up and down through the rows, left and right through the bars, Home and End to
 * the ends of the row, or with Ctrl of the table; Escape back to the whole row. undefined: the key is not ours.
 */
export function moved(from: Position, { key, isCtrl }: Stroke, extent: Extent): Position | undefined {
  if (extent.rows < 1) return undefined;
  const step = ROW_STEPS[key];
  if (step !== undefined) return toRow(from, from.row + step, extent);
  if (isCtrl && (key === 'Home' || key === 'End'))
    return toRow(from, key === 'Home' ? 0 : extent.rows - 1, extent);
  if (key === 'Escape') return from.bucket === undefined ? undefined : { row: from.row, bucket: undefined };
  return extent.buckets < 1 ? undefined : alongBars(from, key, extent.buckets);
}

function toRow({ bucket }: Position, row: number, { rows }: Extent): Position {
  return { row: Math.min(rows - 1, Math.max(0, row)), bucket };
}

/** From the whole row, right leads to the first bar and left to the last, which is now. */
function alongBars({ row, bucket }: Position, key: string, buckets: number): Position | undefined {
  const targets: Readonly<Record<string, number>> = {
    Home: 0,
    End: buckets - 1,
    ArrowLeft: (bucket ?? buckets) - 1,
    ArrowRight: (bucket ?? -1) + 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : { row, bucket: Math.min(buckets - 1, Math.max(0, target)) };
}
