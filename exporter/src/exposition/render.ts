import { setImmediate } from 'node:timers/promises';
import type { MetricStore, Snapshot } from '../metrics/store.ts';
import type { ExpositionFormat, ForeignFamily } from './format.ts';
import { sampleLines } from './samples.ts';

/** Characters per piece: well under a millisecond of work between two turns of the event loop. */
const PIECE_LENGTH = 32_768;

/** What stands behind our own metrics at the moment; names that the store does not have. */
export type Appendix = () => readonly ForeignFamily[];

/**
 * The metrics of this moment, in pieces; the event loop turns after each one. All values are taken at the call,
 * so writing them out slowly tears nothing apart. Throws a CollectError at the call, before the first piece.
 */
export function render(
  store: MetricStore,
  format: ExpositionFormat,
  appendix: Appendix = () => [],
): AsyncIterable<string> {
  // In this order: what has expired there must not count among the series here.
  const foreign = appendix();
  return unhurried(pieces(familiesOf(store.collect(), format, foreign), format.end));
}

/** The whole body as bytes. Rejects with a CollectError instead of giving half a body. */
export async function collectBody(
  store: MetricStore,
  format: ExpositionFormat,
  appendix?: Appendix,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const piece of render(store, format, appendix)) chunks.push(Buffer.from(piece));
  return Buffer.concat(chunks);
}

async function* unhurried(source: Iterable<string>): AsyncGenerator<string> {
  for (const piece of source) {
    yield piece;
    // Waiting for a socket to drain alone does not turn the loop when the socket is fast.
    await setImmediate();
  }
}

/** A family as it is written out: what stands before its first line, and the lines of each series. */
type Family = readonly [head: string, lines: Iterable<string>];

function* pieces(families: Iterable<Family>, end: string): Generator<string> {
  let piece = '';
  for (const [head, lines] of families) {
    let next = head;
    for (const line of lines) {
      // A family whose gauges are all unknown has no head either.
      piece += next + line;
      next = '';
      if (piece.length >= PIECE_LENGTH) {
        yield piece;
        piece = '';
      }
    }
  }
  yield piece + end;
}

function* familiesOf(
  snapshot: Snapshot,
  format: ExpositionFormat,
  foreign: readonly ForeignFamily[],
): Generator<Family> {
  for (const family of snapshot.families) yield [format.familyHead(family), sampleLines(family)];
  for (const family of foreign) yield [format.foreignHead(family), family.lines];
}
