import { type HttpReply, json } from '../reply.ts';

/** Thrown where the control API cannot do what it was asked to; the router turns it into JSON. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal';
  readonly status: number;
  readonly field: string | undefined;

  constructor(status: number, message: string, field?: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** A field or parameter that is not as it should be. */
export function badInput(field: string, expected: string, got?: unknown): ControlRefusal {
  const seen = got === undefined ? '' : `, got ${JSON.stringify(got)?.slice(0, 60)}`;
  return new ControlRefusal(400, `${field}: expected ${expected}${seen}`, field);
}

export function refusalReply({ status, message, field }: ControlRefusal): HttpReply {
  return json(status, { error: message, ...(field === undefined ? {} : { field }) });
}
