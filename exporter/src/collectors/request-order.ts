import { type HistoryRow, isRunning } from './running-requests.ts';

/**
 * Learns whether fal lists running requests before all others. Its history is sorted by the end, newest first, and
 * nothing says where those without an end stand: in front (as most databases sort descending), or behind thousands of
 * rows that no quota reaches. It matters, because in the first case one page shows all that runs.
 *
 * ```text
 *   proof     [runs since 12:00] [12:01 to 12:05] …   by its start it would stand behind the other
 *   disproof  [12:01 to 12:05] [runs since 12:00] …
 * ```
 */
export class RequestOrder {
  #comesFirst: boolean | undefined;

  /** Takes the rows of one reading in fal's order. One disproof counts for ever. */
  learn(rows: readonly HistoryRow[]): void {
    const firstEnded = rows.findIndex((row) => row.endedAt !== undefined);
    if (firstEnded < 0) return;
    if (rows.slice(firstEnded).some(isRunning)) this.#comesFirst = false;
    const newestStart = Math.max(...rows.slice(firstEnded).map(({ startedAt = -Infinity }) => startedAt));
    const isProof = rows
      .slice(0, firstEnded)
      .some((row) => isRunning(row) && (row.startedAt ?? Infinity) < newestStart);
    if (isProof) this.#comesFirst ??= true;
  }

  /** Whether a reading that was cut shows everything that runs: an ended request in it, and the order proved. */
  showsAllRunning(rows: readonly HistoryRow[]): boolean {
    return this.#comesFirst === true && rows.some((row) => row.endedAt !== undefined);
  }
}
