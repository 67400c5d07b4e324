import { errorReply } from '../errors/error-reply.ts';
import type { ConnectionRecord, LedgerBook } from '../ledger-book.ts';
import { type Entrance, type ModelHostParts, enter } from '../model-hosts/admission.ts';
import type { HttpReply, SimulatedRequest, SocketReply } from '../reply.ts';
import { RealtimeSession } from './session.ts';

/** What waits without `max_buffering`; apps choose, and a simulator must not grow for ever. */
const MOST_WAITING = 1000;
/** The close code for callers who may not (RFC 6455, section 7.4.1). What fal sends is not documented. */
const POLICY_VIOLATION = 1008;

export interface RealtimeHostParts extends ModelHostParts {
  readonly book: LedgerBook;
}

/**
 * Answers `GET wss://fal.run/{endpoint_id}/realtime`. Callers without a valid token or key are let in, told so and
 * sent away, because a browser cannot see why a handshake was refused; every other refusal is plain HTTP. A
 * connection takes a slot of its account for as long as it lasts.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/real-time and `realtime.ts` of
 * https://github.com/fal-ai/fal-js.
 */
export function openRealtime(
  parts: RealtimeHostParts,
  request: SimulatedRequest,
  endpointId: string,
): HttpReply | SocketReply {
  const entry = enter(parts, request, endpointId, 'socket');
  if (entry.reply?.status === 401) return turnedAway(parts, endpointId.replace(/\/realtime$/, ''));
  if (entry.reply !== undefined) return entry.reply;
  const maxWaiting = maxWaitingOf(request);
  if (maxWaiting === undefined) return errorReply('bad_request');
  if (!parts.desk.hasSlot(entry.entrance.caller.account)) return errorReply('concurrent_requests_limit');
  return letIn(parts, request, entry.entrance, maxWaiting);
}

/** `max_buffering`: 1 to 60; `undefined`: something else. */
function maxWaitingOf(request: SimulatedRequest): number | undefined {
  const text = request.query.get('max_buffering');
  if (text === null) return MOST_WAITING;
  const count = Number(text);
  return /^\d+$/.test(text) && count >= 1 && count <= 60 ? count : undefined;
}

function letIn(
  parts: RealtimeHostParts,
  request: SimulatedRequest,
  entrance: Entrance,
  maxWaiting: number,
): SocketReply {
  const { engine, desk } = parts;
  const { caller, endpoint } = entrance;
  const requestId = engine.newRequestId();
  return {
    kind: 'socket',
    requestId,
    accept: (peer) => {
      const record = newRecord(parts, requestId, endpoint.id);
      record.account = caller.account.name;
      const onEnd = desk.holdSlot(caller.account);
      return new RealtimeSession({ engine, desk, entrance, request, peer, record, maxWaiting, onEnd });
    },
  };
}

function turnedAway(parts: RealtimeHostParts, endpointId: string): SocketReply {
  const requestId = parts.engine.newRequestId();
  return {
    kind: 'socket',
    requestId,
    accept: (peer) => {
      const record = newRecord(parts, requestId, endpointId);
      record.sent = 1;
      peer.send(JSON.stringify({ status: 'error', error: 'Unauthorized' }));
      peer.close(POLICY_VIOLATION, 'Unauthorized');
      const closedAt = parts.engine.clock.now();
      Object.assign(record, { closedAt, closeCode: POLICY_VIOLATION, endedBy: 'unauthorized' });
      return { receive: () => undefined, closed: () => undefined };
    },
  };
}

function newRecord(parts: RealtimeHostParts, connectionId: string, endpointId: string): ConnectionRecord {
  const openedAt = parts.engine.clock.now();
  const record = {
    connectionId,
    endpointId,
    openedAt,
    received: 0,
    refused: 0,
    dropped: 0,
    sent: 0,
    results: 0,
  };
  parts.book.addConnection(record);
  return record;
}
