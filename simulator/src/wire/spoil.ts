import { type Clock, wait } from '../clock.ts';
import { errorReply } from '../errors/error-reply.ts';
import type { HttpReply, Reply } from '../reply.ts';
import { spoiltSocket } from './spoil-socket.ts';
import { NO_JSON, endedEarly, silenced, withHeartbeats, withInvalidEvent } from './spoil-stream.ts';
import type { WireFault, WireRule } from './wire-rule.ts';

/** Size of the padding in a huge body, characters. */
const HUGE_PADDING = 4 * 1024 * 1024;

const SLOW_LORIS_PAUSE_MS = 1000;

/** The answer that a fault gives in place of the host, so that the request has no effect; `undefined`: the host answers. */
export function answerInstead(rule: WireRule): Reply | undefined {
  switch (rule.fault) {
    case 'hang':
      return { kind: 'hang', after: 'nothing' };
    case 'reset':
      return { kind: 'reset' };
    case 'ingress-html-502':
      return ingressPage(502, 'Bad Gateway');
    case 'ingress-html-503':
      return ingressPage(503, 'Service Temporarily Unavailable');
    case 'ingress-html-504':
      return ingressPage(504, 'Gateway Time-out');
    case 'error':
      return errorReply(rule.errorType ?? 'internal_error');
    default:
      return undefined;
  }
}

/**
 * The page of the load balancer in front of fal: HTML that speaks of nginx and carries no `x-fal-request-id`,
 * which is how fal's Python client recognises it (https://github.com/fal-ai/fal, `fal_client/client.py`).
 */
function ingressPage(status: number, reason: string): HttpReply {
  const title = `${status} ${reason}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { kind: 'http', status, headers: { 'content-type': 'text/html' }, body };
}

/** What becomes of the host's answer on its way back. */
export function spoil(rule: WireRule, reply: Reply, clock: Clock, signal: AbortSignal): Reply {
  if (rule.fault === 'reset-after') return { kind: 'reset' };
  if (reply.kind === 'socket') return spoiltSocket(rule.fault, reply, clock);
  if (rule.fault === 'hang-after-headers') return { kind: 'hang', after: 'headers' };
  if (reply.kind !== 'http') return reply;
  const asBody = spoiltBody(rule.fault, reply, clock, signal);
  if (asBody !== undefined) return asBody;
  return isEventStream(reply)
    ? { ...reply, body: spoiltEvents(rule.fault, reply.body, clock, signal) }
    : reply;
}

/** The faults that any body can have; `undefined` for the others. */
function spoiltBody(
  fault: WireFault,
  reply: HttpReply,
  clock: Clock,
  signal: AbortSignal,
): HttpReply | undefined {
  switch (fault) {
    case 'truncated-body':
      return { ...reply, truncated: true };
    case 'malformed-json':
      return withBody(reply, NO_JSON);
    case 'null-body':
      return withBody(reply, 'null');
    case 'empty-body':
      return withBody(reply, '');
    case 'wrong-content-type':
      return { ...reply, headers: { ...reply.headers, 'content-type': 'text/plain' } };
    case 'huge-body':
      return typeof reply.body === 'string' ? withBody(reply, padded(reply.body)) : reply;
    case 'slow-loris':
      return { ...reply, body: dripping(chunksOf(reply.body), clock, signal) };
    default:
      return undefined;
  }
}

/** The faults that only a stream of events can have; any other one leaves it as it is. */
function spoiltEvents(
  fault: WireFault,
  body: HttpReply['body'],
  clock: Clock,
  signal: AbortSignal,
): HttpReply['body'] {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  switch (fault) {
    case 'silence':
      return silenced(body, signal);
    case 'early-end':
      return endedEarly(body);
    case 'invalid-event':
      return withInvalidEvent(body);
    case 'heartbeats':
      return withHeartbeats(body, clock, signal);
    default:
      return body;
  }
}

/** Another body; in a stream of events it is the only event. */
function withBody(reply: HttpReply, body: string): HttpReply {
  const headers = { ...reply.headers };
  // A length that the host announced would be that of another body.
  delete headers['content-length'];
  return { ...reply, headers, body: isEventStream(reply) && body !== '' ? `data: ${body}\n\n` : body };
}

function isEventStream(reply: HttpReply): boolean {
  return reply.headers['content-type'] === 'text/event-stream';
}

function padded(text: string): string {
  const padding = `"padding":"${'x'.repeat(HUGE_PADDING)}"`;
  if (text.startsWith('{}')) return `{${padding}}`;
  return text.startsWith('{') ? `{${padding},${text.slice(1)}` : text + ' '.repeat(HUGE_PADDING);
}

async function* chunksOf(body: HttpReply['body']): AsyncGenerator<string> {
  if (typeof body === 'string') yield body;
  else if (body instanceof Uint8Array) yield new TextDecoder().decode(body);
  else yield* body;
}

async function* dripping(
  chunks: AsyncIterable<string>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    for (const character of chunk) {
      await wait(clock, SLOW_LORIS_PAUSE_MS, signal);
      if (signal.aborted) return;
      yield character;
    }
  }
}
