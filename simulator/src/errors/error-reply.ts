import type { HttpReply } from '../reply.ts';
import { json } from '../reply.ts';
import { type ErrorTraits, traitsOf } from './error-table.ts';

/**
 * The JSON body of an error type, in the shape that fal uses for it.
 *
 * @param field the input field that a model error speaks of, where it is not the usual one.
 */
export function errorBody(errorType: string, field?: string): unknown {
  const traits = traitsOf(errorType);
  switch (traits.shape) {
    case 'plain':
      return { detail: traits.text };
    case 'request':
      return { detail: traits.text, error_type: errorType };
    case 'model':
      return { detail: [modelDetail(errorType, traits, field)] };
  }
}

function modelDetail(
  errorType: string,
  traits: ErrorTraits,
  field: string | undefined,
): Record<string, unknown> {
  return {
    loc: field === undefined ? (traits.loc ?? ['body']) : ['body', field],
    msg: traits.text,
    type: errorType,
    url: `https://docs.fal.ai/errors/#${errorType}`,
    ...(traits.ctx === undefined ? {} : { ctx: traits.ctx }),
  };
}

/** Headers that go with an error type; the request id and the units are the caller's business. */
export function errorHeaders(errorType: string): Record<string, string> {
  const traits = traitsOf(errorType);
  return {
    ...(traits.shape === 'request' ? { 'x-fal-error-type': errorType } : {}),
    ...(traits.needsRetry === undefined ? {} : { 'x-fal-needs-retry': traits.needsRetry }),
  };
}

/** The whole answer of an error that no job stands behind. */
export function errorReply(errorType: string): HttpReply {
  const traits = traitsOf(errorType);
  const units: Record<string, string> = traits.billed === 'zero' ? { 'x-fal-billable-units': '0' } : {};
  return json(traits.status, errorBody(errorType), { ...errorHeaders(errorType), ...units });
}
