import { type HttpReply, type SimulatedRequest, json } from '../reply.ts';

/**
 * The JSON object in the body; an empty one for anything else, so that the fields that are looked for next are
 * reported as missing.
 */
export function bodyFields(request: SimulatedRequest): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(request.body).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** The 422 with which fal's Python services answer a bad body field. */
export function fieldRefusal(field: string, problem: string, type = 'value_error'): HttpReply {
  return json(422, { detail: [{ loc: ['body', field], msg: problem, type }] });
}

export function notFound(): HttpReply {
  return json(404, { detail: 'Not Found' });
}

export function methodNotAllowed(allow: string): HttpReply {
  return json(405, { detail: 'Method Not Allowed' }, { allow });
}
