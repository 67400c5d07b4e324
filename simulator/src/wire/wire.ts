import { traitsOf } from '../errors/error-table.ts';
import type { Random } from '../random.ts';
import type { SimulatedRequest } from '../reply.ts';
import type { Purpose } from './step.ts';
import { WIRE_FAULTS, type WireRule } from './wire-rule.ts';

interface ActiveRule {
  readonly rule: WireRule;
  left: number;
}

/** The wire faults in force. */
export class Wire {
  readonly #random: Random;
  #rules: ActiveRule[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Puts a rule in force.
   *
   * @returns what takes it back.
   * @throws RangeError for an unknown fault or error type, a rate outside 0–1, or a number of times below 1.
   */
  add(rule: WireRule): () => void {
    const { fault, rate = 1, times = Infinity } = rule;
    if (!WIRE_FAULTS.includes(fault)) {
      throw new RangeError(`no such wire fault: ${String(fault)}; known are ${WIRE_FAULTS.join(', ')}`);
    }
    if (fault === 'error') traitsOf(rule.errorType ?? '(none given)');
    if (!(rate >= 0 && rate <= 1)) throw new RangeError(`fault rate must be between 0 and 1, got ${rate}`);
    if (!(times >= 1)) throw new RangeError(`a fault must happen at least once, got times ${times}`);
    const active: ActiveRule = { rule, left: times };
    this.#rules.push(active);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== active);
    };
  }

  /** Takes every rule back. */
  clear(): void {
    this.#rules = [];
  }

  /** The rule that breaks this exchange, if any. Counts and dice are spent by asking. */
  strike(request: SimulatedRequest, purpose: Purpose): WireRule | undefined {
    const hit = this.#rules.find(({ rule }) => this.#hits(rule, request, purpose));
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.#rules = this.#rules.filter((other) => other !== hit);
    return hit.rule;
  }

  #hits(rule: WireRule, request: SimulatedRequest, purpose: Purpose): boolean {
    // Whoever switches a fault on must be able to switch it off again.
    if (request.host === '_control') return false;
    if (rule.hosts !== undefined && !rule.hosts.includes(request.host)) return false;
    if (rule.steps !== undefined && !rule.steps.includes(purpose.step)) return false;
    if (rule.endpointId !== undefined && rule.endpointId !== purpose.endpointId) return false;
    return rule.rate === undefined || rule.rate === 1 || this.#random.chance(rule.rate);
  }
}
