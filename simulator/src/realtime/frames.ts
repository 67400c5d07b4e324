import { decode, encode } from '@msgpack/msgpack';
import { traitsOf } from '../errors/error-table.ts';
import { inputErrorOf } from '../model-hosts/admission.ts';
import type { SocketMessage } from '../reply.ts';
import type { Endpoint } from '../world.ts';

/** MessagePack in binary messages, JSON in text ones; an output goes back as its input came. */
export type Framing = 'binary' | 'text';

/** One input of a realtime app. */
export interface RealtimeInput {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly framing: Framing;
}

/** The input in a message, or why the app cannot take it. */
export function readInput(message: SocketMessage, endpoint: Endpoint): RealtimeInput | { refusal: string } {
  const framing = typeof message === 'string' ? 'text' : 'binary';
  const fields = decoded(message);
  if (fields === undefined) {
    return { refusal: `the message is no object in ${framing === 'text' ? 'JSON' : 'MessagePack'}` };
  }
  const problem = inputErrorOf(endpoint, fields);
  return problem === undefined
    ? { fields, framing }
    : { refusal: `${problem.field}: ${traitsOf(problem.errorType).text}` };
}

function decoded(message: SocketMessage): Record<string, unknown> | undefined {
  try {
    const value: unknown = typeof message === 'string' ? JSON.parse(message) : decode(message);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

export function encoded(value: object, framing: Framing): SocketMessage {
  return framing === 'text' ? JSON.stringify(value) : encode(value);
}
