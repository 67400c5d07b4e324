import type { Caller, Engine } from '../engine.ts';
import type { HttpReply, SimulatedRequest } from '../reply.ts';

/** One call of a Platform operation. */
export interface PlatformCall {
  readonly engine: Engine;
  readonly request: SimulatedRequest;
  readonly query: URLSearchParams;
  /** The part of the path that the operation names in braces, decoded. */
  readonly pathValue: string;
}

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v1`; a last segment in braces takes any value. */
  readonly path: string;
}

/** One operation of the Platform API with the access that fal's OpenAPI document demands for it. */
export type Operation = Route &
  (
    | { readonly access: 'none'; readonly answer: (call: PlatformCall) => HttpReply }
    | {
        readonly access: 'optional';
        readonly answer: (call: PlatformCall, caller: Caller | undefined) => HttpReply;
      }
    | {
        readonly access: 'API' | 'ADMIN';
        readonly answer: (call: PlatformCall, caller: Caller) => HttpReply;
      }
  );

/**
 * The JSON object in a request body.
 *
 * @returns `undefined` when the body is anything else.
 */
export function jsonObject(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
