import type { CircuitState } from 'opentelemetry-instrumentation-fal/client';
import type { Clock } from 'fal-simulator';

const OPENS_AFTER = 3;
const STAYS_OPEN_MS = 120_000;

/** An app's circuit breaker: after some failures in a row it sends nothing for a while, then tries once. */
export class Breaker {
  readonly #clock: Clock;
  readonly #tell: ((state: CircuitState) => void) | undefined;
  #failures = 0;
  #openUntil = 0;

  /** @param tell told each state; a breaker that nobody is told of never opens. */
  constructor(clock: Clock, tell: ((state: CircuitState) => void) | undefined) {
    this.#clock = clock;
    this.#tell = tell;
  }

  mayPass(): boolean {
    if (this.#openUntil === 0) return true;
    if (this.#clock.now() < this.#openUntil) return false;
    this.#tell?.('half_open');
    return true;
  }

  note(isWell: boolean): void {
    this.#failures = isWell ? 0 : this.#failures + 1;
    if (this.#tell === undefined) return;
    const isOpen = this.#failures >= OPENS_AFTER;
    this.#openUntil = isOpen ? this.#clock.now() + STAYS_OPEN_MS : 0;
    this.#tell(isOpen ? 'open' : 'closed');
  }
}
