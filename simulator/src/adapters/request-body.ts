import type { IncomingMessage } from 'node:http';

/**
 * The body of a request. Of one that is too large only a byte more than allowed is kept, which is enough for the
 * refusal; the rest is read and dropped, so that the caller can finish sending and read the answer.
 */
export async function readBody(message: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    if (size <= maxBytes) chunks.push(chunk.subarray(0, maxBytes + 1 - size));
    size += chunk.byteLength;
  }
  return Buffer.concat(chunks);
}
