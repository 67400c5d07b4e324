import type { JobMode } from './ledger.ts';
import type { Random } from './random.ts';
import { type Moment, traitsOf } from './errors/error-table.ts';

/** Makes attempts fail. The first rule that strikes decides. */
export interface FailureRule {
  /** Absent: any endpoint. */
  readonly endpointId?: string | undefined;
  /** A type of `ERROR_TABLE`. */
  readonly errorType: string;
  /** Share of the attempts, 0–1. All by default. */
  readonly rate?: number | undefined;
  /** Strikes this often and then no more. */
  readonly times?: number | undefined;
  /** Spares a job after this many attempts, so that a platform retry can succeed. */
  readonly attemptsPerJob?: number | undefined;
  /** Only these ways of calling; all by default. */
  readonly modes?: readonly JobMode[] | undefined;
  /** The platform does not retry it, even where it usually would. */
  readonly final?: boolean | undefined;
}

/** What a rule is asked about. */
export interface Attempt {
  readonly endpointId: string;
  readonly mode: JobMode;
  /** 1 for the first. */
  readonly attempt: number;
}

export interface Failure {
  readonly errorType: string;
  readonly final: boolean;
}

interface ActiveRule {
  readonly rule: FailureRule;
  readonly place: Moment['at'];
  left: number;
}

/** The failure rules in force. */
export class Failures {
  readonly #random: Random;
  #rules: ActiveRule[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Puts a rule in force.
   *
   * @returns what takes it back.
   * @throws RangeError for an unknown error type, a rate outside 0–1, or a number of times below 1.
   */
  add(rule: FailureRule): () => void {
    const { rate = 1, times = Infinity } = rule;
    if (!(rate >= 0 && rate <= 1)) throw new RangeError(`failure rate must be between 0 and 1, got ${rate}`);
    if (!(times >= 1)) throw new RangeError(`a failure must happen at least once, got times ${times}`);
    const active: ActiveRule = { rule, place: traitsOf(rule.errorType).moment.at, left: times };
    this.#rules.push(active);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== active);
    };
  }

  /** Takes every rule back. */
  clear(): void {
    this.#rules = [];
  }

  /** Whether this attempt fails at this place, and how. Counts and dice are spent by asking. */
  strike(place: Moment['at'], attempt: Attempt): Failure | undefined {
    const hit = this.#rules.find((active) => active.place === place && this.#hits(active, attempt));
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.#rules = this.#rules.filter((other) => other !== hit);
    return { errorType: hit.rule.errorType, final: hit.rule.final ?? false };
  }

  #hits({ rule }: ActiveRule, attempt: Attempt): boolean {
    if (rule.endpointId !== undefined && rule.endpointId !== attempt.endpointId) return false;
    if (rule.modes !== undefined && !rule.modes.includes(attempt.mode)) return false;
    if (attempt.attempt > (rule.attemptsPerJob ?? Infinity)) return false;
    return rule.rate === undefined || rule.rate === 1 || this.#random.chance(rule.rate);
  }
}
