import type { ServerResponse } from 'node:http';
import type { HttpReply, Reply } from '../reply.ts';

/** Puts a reply on the wire, faults included. Resolves when all is sent, or at once where nothing more will come. */
export async function sendReply(reply: Reply, response: ServerResponse, signal: AbortSignal): Promise<void> {
  switch (reply.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      if (reply.after === 'headers') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.flushHeaders();
      }
      return;
    case 'socket':
      throw new Error('a WebSocket was opened for a request that did not ask for one');
    case 'http':
      await sendHttp(reply, response, signal);
  }
}

async function sendHttp(reply: HttpReply, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { status, headers, body, truncated = false } = reply;
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    response.writeHead(status, headers);
    response.flushHeaders();
    await sendChunks(body, response, { signal, isCut: truncated });
    return;
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  // An answer to HEAD has no body, and a host may say how long the one to GET would be.
  const length = bytes.byteLength === 0 ? headers['content-length'] : undefined;
  response.writeHead(status, { ...headers, 'content-length': length ?? bytes.byteLength });
  if (truncated) response.write(bytes.subarray(0, bytes.byteLength >> 1), () => response.destroy());
  else response.end(bytes);
}

async function sendChunks(
  chunks: AsyncIterable<string>,
  response: ServerResponse,
  how: { readonly signal: AbortSignal; readonly isCut: boolean },
): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (how.signal.aborted) return;
      await new Promise<void>((resolve) => response.write(chunk, () => resolve()));
      if (how.isCut) {
        response.destroy();
        return;
      }
    }
    response.end();
  } catch {
    // A source that throws means a connection that breaks.
    response.destroy();
  }
}
