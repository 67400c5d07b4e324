import { IDS_PER_CALL } from '../config/collectors.ts';
import type { Clock } from '../domain/clock.ts';
import { PlatformError } from '../fal/platform.ts';

export interface EndpointQuestionsOptions {
  readonly endpointIds: readonly string[];
  readonly clock: Clock;
  /** How long an id that fal does not know is left out, ms. 0: it is asked for every time. */
  readonly leaveOutMs: number;
}

/**
 * Asks fal about many endpoints, a handful of calls for all of them. fal may refuse a whole question because of ids
 * that it does not know: then the question is halved until they stand alone, so that they blind nobody. Such an id
 * is asked for alone from then on, and seldom. Who was not reached this time comes first next time.
 */
export class EndpointQuestions {
  readonly #clock: Clock;
  readonly #leaveOutMs: number;
  /** Those that fal knows, or may know, in the order of the next reading. */
  #order: readonly string[];
  /** Per id that fal does not know: when to ask again, in monotonic ms. */
  readonly #unknown = new Map<string, number>();

  constructor({ endpointIds, clock, leaveOutMs }: EndpointQuestionsOptions) {
    this.#clock = clock;
    this.#leaveOutMs = leaveOutMs;
    this.#order = [...endpointIds];
  }

  /**
   * Calls `ask` with at most 50 ids at a time, one call after the other, until all were asked for, and `onUnknown`
   * with each id that fal says it does not know. Rejects with the first failure that is no `not_found`; the ids
   * after it were not asked for.
   */
  async askAll(
    ask: (endpointIds: readonly string[]) => Promise<void>,
    onUnknown: (endpointId: string) => void = () => undefined,
  ): Promise<void> {
    const questions = this.#questions();
    for (let question = questions.shift(); question !== undefined; question = questions.shift()) {
      try {
        await ask(question);
        for (const id of question) this.#unknown.delete(id);
      } catch (error) {
        if (!isNotFound(error)) {
          this.#reorder(question, questions.flat(), error);
          throw error;
        }
        questions.unshift(...this.#afterRefusal(question, onUnknown));
      }
    }
  }

  #questions(): (readonly string[])[] {
    const now = this.#clock.monotonic();
    const known = this.#order.filter((id) => !this.#unknown.has(id));
    const chunks: (readonly string[])[] = [];
    for (let start = 0; start < known.length; start += IDS_PER_CALL)
      chunks.push(known.slice(start, start + IDS_PER_CALL));
    const due = [...this.#unknown].filter(([, askAgainAt]) => askAgainAt <= now);
    return [...chunks, ...due.map(([id]) => [id])];
  }

  #afterRefusal(question: readonly string[], onUnknown: (endpointId: string) => void): (readonly string[])[] {
    const [only, ...others] = question;
    if (only !== undefined && others.length === 0) {
      this.#unknown.set(only, this.#clock.monotonic() + this.#leaveOutMs);
      onUnknown(only);
      return [];
    }
    const half = Math.ceil(question.length / 2);
    return [question.slice(0, half), question.slice(half)];
  }

  /** A question that fal failed at must not stand in the way of the others for ever. */
  #reorder(failed: readonly string[], missed: readonly string[], error: unknown): void {
    const wasAsked = error instanceof PlatformError;
    const first = wasAsked ? missed : [...failed, ...missed];
    const rest = this.#order.filter((id) => !failed.includes(id));
    this.#order = [...new Set([...first, ...rest, ...failed])];
  }
}

/** fal answered properly: it does not know what was asked for. A 404 of anybody else on the way says nothing. */
function isNotFound(error: unknown): boolean {
  return error instanceof PlatformError && error.classification.errorType === 'platform.not_found';
}
