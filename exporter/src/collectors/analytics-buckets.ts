/** The length of a bucket that we ask for. */
export const BUCKET_MS = 60_000;

/** What one endpoint did in one bucket. */
export interface BucketRow<T> {
  readonly endpointId: string;
  /** Beginning of the bucket, ms since the epoch. */
  readonly start: number;
  readonly values: T;
}

/** The newest complete bucket of each endpoint. */
export interface CompleteRows<T> {
  readonly rows: readonly BucketRow<T>[];
  /** End of the newest complete bucket that was ever seen, ms since the epoch; absent before the first. */
  readonly until?: number | undefined;
}

/**
 * Decides which buckets of fal's analytics are complete. fal indexes late, so a bucket goes on filling after its time
 * is over: it counts once a newer one has begun to show, of whichever endpoint, or once it has stayed as it was from
 * one reading to the next.
 *
 * ```text
 *   12:01 ████  12:02 ████  12:03 ██░░ (filling)   now 12:04:30
 *                           └ newest: wait         └ 12:02 is the newest complete one
 * ```
 */
export class AnalyticsBuckets<T> {
  /** The reading before: per endpoint its newest row, as text. */
  #before: ReadonlyMap<string, string> = new Map();
  #until: number | undefined;

  /** Takes the rows of one reading, made at `now` (wall clock, ms since the epoch). */
  read(rows: readonly BucketRow<T>[], now: number): CompleteRows<T> {
    const newestStart = rows.reduce((newest, { start }) => Math.max(newest, start), -Infinity);
    const complete = new Map<string, BucketRow<T>>();
    const open = new Map<string, string>();
    for (const row of rows) {
      const isFollowed = row.start < newestStart;
      const text = isFollowed ? '' : JSON.stringify([row.start, row.values]);
      if (!isFollowed) open.set(row.endpointId, text);
      const isComplete =
        row.start + BUCKET_MS <= now && (isFollowed || this.#before.get(row.endpointId) === text);
      const other = complete.get(row.endpointId);
      if (isComplete && (other === undefined || other.start <= row.start)) complete.set(row.endpointId, row);
    }
    this.#before = open;
    for (const { start } of complete.values())
      this.#until = Math.max(this.#until ?? -Infinity, start + BUCKET_MS);
    return { rows: [...complete.values()], until: this.#until };
  }
}
