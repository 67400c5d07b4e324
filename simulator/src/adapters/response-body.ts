import { type Visit, terminated } from './visits.ts';

/** A body that never comes; reading it rejects when the visit breaks. */
export function silentBody(visit: Visit): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      visit.broken.catch((reason: unknown) => controller.error(reason));
    },
    cancel: (reason) => visit.leave(reason),
  });
}

/** The first half of the bytes, then a broken connection. */
export function halfBody(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const chunks = [bytes.subarray(0, Math.ceil(bytes.byteLength / 2))];
  return new ReadableStream({
    pull: (controller) => {
      const chunk = chunks.shift();
      if (chunk === undefined || chunk.byteLength === 0) controller.error(terminated());
      else controller.enqueue(chunk);
    },
  });
}

/**
 * Chunks as they come. A chunk source that throws breaks the connection; a reader that cancels, or a visit that
 * breaks, stops the source.
 *
 * @param isCut break after the first chunk.
 */
export function chunkedBody(
  chunks: AsyncIterable<string>,
  visit: Visit,
  isCut: boolean,
): ReadableStream<Uint8Array> {
  const iterator: AsyncIterator<string, unknown> = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let sent = 0;
  const stop = (reason: unknown): void => {
    visit.leave(reason);
    // The source may be waiting for the signal that was aborted just now: nobody waits for its end.
    void iterator.return?.();
  };
  return new ReadableStream({
    start: (controller) => {
      visit.broken.catch((reason: unknown) => controller.error(reason));
    },
    pull: async (controller) => {
      if (isCut && sent > 0) {
        controller.error(terminated());
        stop(terminated());
        return;
      }
      const next = await nextOf(iterator);
      if (visit.signal.aborted) return;
      sent += 1;
      if (next.kind === 'chunk') {
        controller.enqueue(encoder.encode(next.text));
        return;
      }
      visit.finish();
      if (next.kind === 'end') controller.close();
      else controller.error(terminated());
    },
    cancel: stop,
  });
}

type Next = { readonly kind: 'chunk'; readonly text: string } | { readonly kind: 'end' | 'broken' };

async function nextOf(iterator: AsyncIterator<string, unknown>): Promise<Next> {
  try {
    const next = await iterator.next();
    return next.done === true ? { kind: 'end' } : { kind: 'chunk', text: next.value };
  } catch {
    return { kind: 'broken' };
  }
}
