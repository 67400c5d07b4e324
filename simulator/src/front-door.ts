import { type Clock, wait } from './clock.ts';
import type { Engine } from './engine.ts';
import type { JobDesk } from './jobs/job-desk.ts';
import type { LostSubmits } from './jobs/lost-submits.ts';
import type { Exchange } from './ledger.ts';
import type { LedgerBook } from './ledger-book.ts';
import { drawDuration } from './random.ts';
import { type HostHandler, type HttpReply, type Reply, type SimulatedRequest, json } from './reply.ts';
import { type Purpose, purposeOf } from './wire/step.ts';
import { answerInstead, spoil } from './wire/spoil.ts';
import type { Wire } from './wire/wire.ts';
import type { WireRule } from './wire/wire-rule.ts';

/** Largest body that a host takes: media may be big, model inputs carry URLs. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_MEDIA_BYTES = 100 * 1024 * 1024;

const SWITCHING_PROTOCOLS = 101;

export interface FrontDoorParts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly book: LedgerBook;
  readonly wire: Wire;
  readonly desk: JobDesk;
  readonly lostSubmits: LostSubmits;
  readonly hosts: ReadonlyMap<string, HostHandler>;
  /** Told about a defect of the simulator itself; the caller gets a plain 500. */
  readonly onDefect: (error: unknown) => void;
}

/** The largest request body that a host accepts, bytes. */
export function maxBodyBytes(host: string): number {
  return host === 'v3.fal.media' ? MAX_MEDIA_BYTES : MAX_BODY_BYTES;
}

/** The refusal of a body above that. */
export function bodyTooLarge(): HttpReply {
  return json(413, { detail: 'Request Entity Too Large' });
}

/**
 * The way of every request: network latency, wire faults, the host, wire faults again, the ledger. The host in
 * the request must be one of `HOSTS`.
 */
export async function answer(parts: FrontDoorParts, request: SimulatedRequest): Promise<Reply> {
  const at = parts.clock.now();
  const purpose = aimed(parts, request);
  const { latency } = parts.engine.switches;
  if (latency.medianMs > 0 && request.host !== '_control') {
    await wait(parts.clock, drawDuration(parts.engine.random, latency), request.signal);
  }
  const reply = await exchange(parts, request, purpose);
  if (request.host !== '_control') record(parts, request, { at, purpose, reply });
  return reply;
}

/** The purpose with the endpoint filled in for polls, whose path shows the app only. */
function aimed(parts: FrontDoorParts, request: SimulatedRequest): Purpose {
  const purpose = purposeOf(request);
  return purpose.requestId === undefined
    ? purpose
    : { ...purpose, endpointId: parts.desk.endpointOf(purpose.requestId) };
}

async function exchange(parts: FrontDoorParts, request: SimulatedRequest, purpose: Purpose): Promise<Reply> {
  if (request.body.byteLength > maxBodyBytes(request.host))
    return withRequestId(parts, request, bodyTooLarge());
  const rule = parts.wire.strike(request, purpose);
  const instead = rule === undefined ? undefined : answerInstead(rule);
  if (instead !== undefined)
    return rule?.fault === 'error' ? withRequestId(parts, request, instead) : instead;
  const reply = withRequestId(parts, request, await fromHost(parts, request));
  return rule === undefined ? reply : spoiled(parts, request, rule, reply);
}

async function fromHost(parts: FrontDoorParts, request: SimulatedRequest): Promise<Reply> {
  const handler = parts.hosts.get(request.host);
  if (handler === undefined) return json(404, { detail: `Path ${request.path} not found` });
  try {
    return await handler(request);
  } catch (error) {
    parts.onDefect(error);
    return json(500, { detail: 'Internal Server Error' });
  }
}

function spoiled(parts: FrontDoorParts, request: SimulatedRequest, rule: WireRule, reply: Reply): Reply {
  const requestId = requestIdOf(reply);
  const isRepeat = requestId !== undefined && parts.book.job(requestId)?.duplicateOf !== undefined;
  if (rule.sparesRepeats === true && isRepeat) return reply;
  if (rule.fault === 'reset-after' && requestId !== undefined) parts.lostSubmits.markLost(requestId);
  return spoil(rule, reply, parts.clock, request.signal);
}

/** Every answer that the model hosts themselves give carries a request id; the load balancer's do not. */
function withRequestId(parts: FrontDoorParts, request: SimulatedRequest, reply: Reply): Reply {
  const isModelHost = request.host === 'fal.run' || request.host === 'queue.fal.run';
  if (!isModelHost || reply.kind !== 'http' || reply.headers['x-fal-request-id'] !== undefined) return reply;
  return { ...reply, headers: { 'x-fal-request-id': parts.engine.newRequestId(), ...reply.headers } };
}

function requestIdOf(reply: Reply): string | undefined {
  if (reply.kind === 'socket') return reply.requestId;
  return reply.kind === 'http' ? reply.headers['x-fal-request-id'] : undefined;
}

function answerOf(reply: Reply): Exchange['answer'] {
  if (reply.kind === 'socket') return SWITCHING_PROTOCOLS;
  return reply.kind === 'http' ? reply.status : reply.kind;
}

function record(
  parts: FrontDoorParts,
  request: SimulatedRequest,
  seen: { readonly at: number; readonly purpose: Purpose; readonly reply: Reply },
): void {
  const { at, purpose, reply } = seen;
  parts.book.addExchange({
    at,
    method: request.method,
    host: request.host,
    path: request.path,
    answer: answerOf(reply),
    requestId: purpose.requestId ?? requestIdOf(reply),
  });
}
