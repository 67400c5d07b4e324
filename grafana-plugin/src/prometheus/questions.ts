import type { Answer, Ask } from './ask.ts';
import { instant, type Sample } from './sample.ts';

/** What `of` makes of what `known` has for each question. */
export function perQuestion<Question extends string, From, To>(
  known: Readonly<Record<Question, From>>,
  of: (from: From, question: Question) => To,
): Record<Question, To> {
  const entries = Object.entries<From>(known).map(
    ([question, from]) => [question, of(from, question as Question)] as const,
  );
  return Object.fromEntries(entries) as Record<Question, To>;
}

/** Asks for the values of all expressions now, at once: the answers, each under the name of its question. */
export async function askAll<Question extends string>(
  ask: Ask,
  questions: Readonly<Record<Question, string>>,
): Promise<Record<Question, Answer<Sample[]>>> {
  const entries = Object.entries<string>(questions).map(
    async ([question, expression]) => [question, await instant(ask, expression)] as const,
  );
  return Object.fromEntries(await Promise.all(entries)) as Record<Question, Answer<Sample[]>>;
}
