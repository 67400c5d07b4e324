import type { Clock } from '../clock.ts';
import type { SocketMessage, SocketPeer, SocketReply } from '../reply.ts';
import { NO_JSON } from './spoil-stream.ts';
import type { WireFault } from './wire-rule.ts';

const SLOW_MESSAGE_MS = 10_000;
const NORMAL_CLOSURE = 1000;
const INTERNAL_ERROR = 1011;

/** MessagePack has no value that begins with this byte. */
const NO_MSGPACK = Uint8Array.of(0xc1);
const MSGPACK_NIL = Uint8Array.of(0xc0);

/** A socket whose way to the caller is broken; what the host believes to have said does not change. */
export function spoiltSocket(fault: WireFault, reply: SocketReply, clock: Clock): SocketReply {
  const accept: SocketReply['accept'] = (peer) => {
    let isOver = false;
    const breakOff = (end: () => void): void => {
      isOver = true;
      end();
    };
    const session = reply.accept(spoiltPeer(fault, peer, clock, breakOff));
    return {
      receive: (message) => session.receive(message),
      closed: (code, isByWire) => session.closed(code, isOver || isByWire),
    };
  };
  return { ...reply, accept };
}

/** @param breakOff ends the connection without the will of either end. */
function spoiltPeer(
  fault: WireFault,
  peer: SocketPeer,
  clock: Clock,
  breakOff: (end: () => void) => void,
): SocketPeer {
  switch (fault) {
    case 'silence':
    case 'hang-after-headers':
      return { send: ignore, close: ignore, cut: ignore };
    case 'truncated-body':
      return { ...peer, send: () => breakOff(() => peer.cut()) };
    case 'early-end':
      return { ...peer, send: () => breakOff(() => peer.close(NORMAL_CLOSURE, '')) };
    case 'close-1011':
      return { ...peer, send: () => breakOff(() => peer.close(INTERNAL_ERROR, 'Internal Error')) };
    case 'malformed-json':
      return { ...peer, send: (message) => peer.send(like(message, NO_JSON, NO_MSGPACK)) };
    case 'null-body':
      return { ...peer, send: (message) => peer.send(like(message, 'null', MSGPACK_NIL)) };
    case 'empty-body':
      return { ...peer, send: (message) => peer.send(like(message, '', new Uint8Array())) };
    case 'invalid-event':
      return garbageFirst(peer);
    case 'slow-loris':
      return late(peer, clock);
    default:
      return peer;
  }
}

function ignore(): void {
  // The caller never hears of it.
}

function like(message: SocketMessage, text: string, bytes: Uint8Array): SocketMessage {
  return typeof message === 'string' ? text : bytes;
}

function garbageFirst(peer: SocketPeer): SocketPeer {
  let isFirst = true;
  const send = (message: SocketMessage): void => {
    peer.send(isFirst ? like(message, NO_JSON, NO_MSGPACK) : message);
    isFirst = false;
  };
  return { ...peer, send };
}

/** All is equally late, so that the order stays. */
function late(peer: SocketPeer, clock: Clock): SocketPeer {
  const after = (then: () => void): void => void clock.after(SLOW_MESSAGE_MS, then);
  return {
    send: (message) => after(() => peer.send(message)),
    close: (code, reason) => after(() => peer.close(code, reason)),
    cut: () => peer.cut(),
  };
}
