import { elapsedMs } from './passing-time.ts';

/** One thing that the app under test came to know, and when, in ms since the world began. */
export interface Seen {
  readonly at: number;
  readonly what: string;
  readonly value?: unknown;
}

/** What an app that calls the client comes to know. Two worlds are alike when their apps have seen the same. */
export class Caller {
  readonly seen: Seen[] = [];

  note(what: string, value?: unknown): void {
    this.seen.push({ at: elapsedMs(), what, value: described(value) });
  }

  /** Notes how a call ends, and hands its promise on. */
  async watch<T>(what: string, call: () => Promise<T>): Promise<T> {
    this.note(`${what} begins`);
    try {
      const value = await call();
      this.note(`${what} resolves`, value);
      return value;
    } catch (error) {
      this.note(`${what} rejects`, error);
      throw error;
    }
  }

  /** When something was seen for the first time, in ms. */
  at(what: string): number | undefined {
    return this.seen.find((each) => each.what === what)?.at;
  }
}

/** A value in a form that can be compared: errors by class, message and every field, causes included. */
function described(value: unknown): unknown {
  if (!(value instanceof Error)) return isPlain(value) ? structuredClone(value) : typeof value;
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, described(field)] as const),
  );
  return {
    class: value.constructor.name,
    name: value.name,
    message: value.message,
    ...fields,
    ...(value.cause === undefined ? {} : { cause: described(value.cause) }),
  };
}

function isPlain(value: unknown): boolean {
  return JSON.stringify(value) !== undefined && !hasMethods(value);
}

function hasMethods(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'on' in value;
}

/** Whether the app was told this state of its job. */
export function wasTold(seen: readonly Seen[], status: string): boolean {
  return seen.some(({ value }) => fieldsOf(value).status === status);
}

/** Whether the app was told how long the model ran. */
export function wasToldOfInference(seen: readonly Seen[]): boolean {
  return seen.some(({ value }) => typeof fieldsOf(fieldsOf(value).metrics).inference_time === 'number');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
