import type { Engine } from '../engine.ts';
import type { SimulatedRequest } from '../reply.ts';
import type { Simulator } from '../simulator.ts';
import { isObject } from './check.ts';
import { ControlRefusal, badInput } from './refusal.ts';

/** One call of the control API. */
export interface ControlCall {
  readonly simulator: Simulator;
  readonly engine: Engine;
  readonly request: SimulatedRequest;
  /** What the braces in the path stand for, decoded. */
  readonly name: string;
}

/** The JSON object in the body; an empty body counts as `{}`. @throws ControlRefusal for anything else. */
export function bodyOf({ request }: ControlCall): Readonly<Record<string, unknown>> {
  if (request.body.byteLength === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(request.body).toString('utf8'));
  } catch {
    throw badInput('body', 'JSON');
  }
  if (!isObject(value)) throw badInput('body', 'a JSON object', value);
  return value;
}

/** @throws ControlRefusal with status 404 that lists what there is. */
export function noSuch(kind: string, name: string, known: Iterable<string>): ControlRefusal {
  return new ControlRefusal(404, `no such ${kind}: ${name}; known are ${[...known].join(', ')}`);
}
