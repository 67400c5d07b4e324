import type { Caller, Engine } from '../engine.ts';
import { isRefusal } from '../engine.ts';
import { errorReply } from '../errors/error-reply.ts';
import type { Failures } from '../failures.ts';
import type { InputError, JobOrder } from '../jobs/live-job.ts';
import type { JobDesk } from '../jobs/job-desk.ts';
import type { LostSubmits } from '../jobs/lost-submits.ts';
import type { JobMode } from '../ledger.ts';
import { type HttpReply, type SimulatedRequest, json } from '../reply.ts';
import { holderOfAppToken } from '../storage/index.ts';
import type { Endpoint } from '../world.ts';
import { isSwitchedOn, socketTargetOf, targetOf } from './address.ts';

/** What both model hosts work with. */
export interface ModelHostParts {
  readonly engine: Engine;
  readonly desk: JobDesk;
  readonly failures: Failures;
  readonly lostSubmits: LostSubmits;
}

/** By which door a caller comes: the queue, a direct call or stream, or a WebSocket. */
export type Door = 'queue' | 'direct' | 'socket';

/** Who may run what: all that the gateway asks before there is any input. */
export interface Entrance {
  readonly caller: Caller;
  readonly endpoint: Endpoint;
  readonly mode: JobMode;
}

/** An entrance that is open, or the gateway's refusal. */
export type Entry =
  { readonly entrance: Entrance; readonly reply?: undefined } | { readonly reply: HttpReply };

/** An order that passed the gateway, or the gateway's refusal. */
export type Admission =
  { readonly order: JobOrder; readonly reply?: undefined } | { readonly reply: HttpReply };

/** Checks key or token, lock and address, in this order. */
export function enter(
  parts: ModelHostParts,
  request: SimulatedRequest,
  endpointId: string,
  door: Door,
): Entry {
  const { engine } = parts;
  const caller = callerOf(engine, request, endpointId);
  if (isRefusal(caller)) return { reply: caller };
  const lock = engine.refuseLocked(caller.account);
  if (lock !== undefined) return { reply: lock };
  const target =
    door === 'socket' ? socketTargetOf(engine.world, endpointId) : targetOf(engine.world, endpointId);
  if (target.kind !== 'endpoint') return { reply: notFound(target) };
  const { endpoint } = target;
  const mode = door === 'queue' ? 'queue' : target.mode;
  const failure = parts.failures.strike('gateway', { endpointId: endpoint.id, mode, attempt: 1 });
  if (failure !== undefined) return { reply: errorReply(failure.errorType) };
  return { entrance: { caller, endpoint, mode } };
}

/**
 * What fal's gateway checks before a job comes to be: the entrance, then headers and the form of the body. What is
 * wrong with the fields of the input is found by the app, on its runner.
 */
export function admit(
  parts: ModelHostParts,
  request: SimulatedRequest,
  endpointId: string,
  door: Exclude<Door, 'socket'>,
): Admission {
  const entry = enter(parts, request, endpointId, door);
  if (entry.reply !== undefined) return entry;
  const startDeadlineMs = startDeadlineOf(request);
  if (startDeadlineMs === 'invalid') return { reply: errorReply('bad_request') };
  const input = inputOf(request);
  if (input === undefined) return { reply: errorReply('json_invalid') };
  const order = orderOf(entry.entrance, request, input);
  return {
    order: { ...order, startDeadlineMs, inputError: inputErrorOf(entry.entrance.endpoint, input) },
  };
}

/** The order of one input that is well formed, without any deadline. */
export function orderOf(
  { caller, endpoint, mode }: Entrance,
  request: SimulatedRequest,
  input: Readonly<Record<string, unknown>>,
): JobOrder {
  return {
    endpoint,
    account: caller.account,
    keyId: caller.key.id,
    mode,
    seed: typeof input.seed === 'number' ? input.seed : undefined,
    isLowPriority: request.headers.get('x-fal-queue-priority')?.toLowerCase() === 'low',
    noRetry: isSwitchedOn(request, 'x-fal-no-retry'),
    noFallback: ['x-app-fal-disable-fallback', 'x-fal-disable-fallbacks'].some((header) =>
      isSwitchedOn(request, header),
    ),
    startDeadlineMs: undefined,
    duplicateOf: undefined,
    inputError: undefined,
  };
}

/** On `fal.run` a short-lived token in the query stands for the key, in browsers and over WebSockets. */
function callerOf(engine: Engine, request: SimulatedRequest, endpointId: string): Caller | HttpReply {
  const token = request.host === 'fal.run' ? request.query.get('fal_jwt_token') : null;
  return token === null
    ? engine.authenticate(request, { scope: 'API' })
    : (holderOfAppToken(engine, token, endpointId) ?? json(401, { detail: 'Unauthorized' }));
}

function notFound(target: Exclude<ReturnType<typeof targetOf>, { kind: 'endpoint' }>): HttpReply {
  return target.kind === 'no-path'
    ? json(404, { detail: `Path ${target.path} not found` }, { 'x-fal-billable-units': '0' })
    : json(404, { detail: `Application "${target.app}" not found` });
}

/** `X-Fal-Request-Timeout` is in seconds. Source: https://fal.ai/docs/documentation/model-apis/common-parameters. */
function startDeadlineOf(request: SimulatedRequest): number | undefined | 'invalid' {
  const text = request.headers.get('x-fal-request-timeout');
  if (text === undefined) return undefined;
  const seconds = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 'invalid';
}

/** The model's input: the JSON object of the body, or the query of a GET. `undefined`: no JSON object. */
function inputOf(request: SimulatedRequest): Record<string, unknown> | undefined {
  if (request.method === 'GET') return Object.fromEntries(request.query);
  const text = new TextDecoder().decode(request.body);
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The first field that the app will not take. */
export function inputErrorOf(
  endpoint: Endpoint,
  input: Readonly<Record<string, unknown>>,
): InputError | undefined {
  for (const field of endpoint.requiredInput ?? []) {
    if (input[field] === undefined) return { errorType: 'missing', field };
    if (typeof input[field] !== 'string') return { errorType: 'string_type', field };
  }
  return undefined;
}

/** The refusal of a method that the path does not know. */
export function methodNotAllowed(allow: string): HttpReply {
  return json(405, { detail: 'Method Not Allowed' }, { allow });
}

/** A path that addresses nothing. */
export function nothingHere(path: string): HttpReply {
  return json(404, { detail: `Path ${path} not found` });
}
