import { setImmediate } from 'node:timers/promises';
import type { MetricStore, Snapshot } from '../metrics/store.ts';
import type { ExpositionFormat } from './format.ts';
import { sampleLines } from './samples.ts';

/** Characters per piece: well under a millisecond of work between two turns of the event loop. */
const PIECE_LENGTH = 32_768;

/**
 * The metrics of this moment, in pieces; the event loop turns after each one. All values are taken at the call,
 * so writing them out slowly tears nothing apart. Throws a CollectError at the call, before the first piece.
 */
export function render(store: MetricStore, format: ExpositionFormat): AsyncIterable<string> {
  return unhurried(pieces(store.collect(), format));
}

/** The whole body as bytes. Rejects with a CollectError instead of giving half a body. */
export async function collectBody(store: MetricStore, format: ExpositionFormat): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const piece of render(store, format)) chunks.push(Buffer.from(piece));
  return Buffer.concat(chunks);
}

async function* unhurried(source: Iterable<string>): AsyncGenerator<string> {
  for (const piece of source) {
    yield piece;
    // Waiting for a socket to drain alone does not turn the loop when the socket is fast.
    await setImmediate();
  }
}

function* pieces(snapshot: Snapshot, format: ExpositionFormat): Generator<string> {
  let piece = '';
  for (const family of snapshot.families) {
    let head = format.familyHead(family);
    for (const lines of sampleLines(family)) {
      // A family whose gauges are all unknown has no head either.
      piece += head + lines;
      head = '';
      if (piece.length >= PIECE_LENGTH) {
        yield piece;
        piece = '';
      }
    }
  }
  yield piece + format.end;
}
