import type { FalAccess } from '../fal/client.ts';

/** What of an account's bill to read. */
export interface CostQuestion {
  readonly access: FalAccess;
  readonly adminKey: string;
  /** Ms since the epoch, `since` the beginning of a day; `until` is exclusive. */
  readonly since: number;
  readonly until: number;
  /** Only these models; all when empty. */
  readonly endpointIds: readonly string[];
  readonly signal: AbortSignal;
  /** Called now and then with what has been read so far. */
  readonly onProgress: (lines: number) => void;
}

export const DAY_MS = 86_400_000;
/** fal refuses billing events of more than 90 days at once; a month keeps an answer of usage small, too. */
const SPAN_DAYS = 30;
/** Ten million requests: beyond that a table is not the right tool. */
const MOST_CALLS = 1000;

/** `start` and `end` of the pieces that a long time is asked for in, the newest first. */
export function* spansOf({ since, until }: Pick<CostQuestion, 'since' | 'until'>): Generator<{
  readonly start: readonly string[];
  readonly end: readonly string[];
}> {
  const starts: number[] = [];
  for (let from = since; from < until; from += SPAN_DAYS * DAY_MS) starts.unshift(from);
  for (const from of starts) {
    const to = Math.min(from + SPAN_DAYS * DAY_MS, until);
    yield { start: [new Date(from).toISOString()], end: [new Date(to).toISOString()] };
  }
}

/** Counts the calls of one reading. What it gives throws a RangeError when there are too many. */
export function callLimit(path: string): { readonly spendCall: () => void; readonly mostPages: number } {
  let calls = 0;
  const spendCall = (): void => {
    calls += 1;
    if (calls > MOST_CALLS)
      throw new RangeError(`GET ${path}: more than ${MOST_CALLS} pages; ask for fewer days`);
  };
  return { spendCall, mostPages: Infinity };
}
