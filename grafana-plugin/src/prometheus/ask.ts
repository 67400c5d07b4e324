import type { Failure } from './failure.ts';

/** What came of a question: an answer, or why there is none. Nothing here rejects. */
export type Answer<T> =
  { readonly kind: 'answered'; readonly value: T } | { readonly kind: 'failed'; readonly failure: Failure };

/** Asks an HTTP API for the JSON under a path; the parameters go into the query. */
export type Ask = (path: string, parameters?: Readonly<Record<string, string>>) => Promise<Answer<unknown>>;

/** The answer in another shape; a failure stays what it is. `read` gives undefined for what it cannot read. */
export function answerAs<T>(answer: Answer<unknown>, read: (body: unknown) => T | undefined): Answer<T> {
  if (answer.kind === 'failed') return answer;
  const value = read(answer.value);
  if (value !== undefined) return { kind: 'answered', value };
  return { kind: 'failed', failure: { kind: 'not_prometheus', detail: '' } };
}

/** The value of an answer; undefined where there is none. */
export function valueOf<T>(answer: Answer<T>): T | undefined {
  return answer.kind === 'answered' ? answer.value : undefined;
}
