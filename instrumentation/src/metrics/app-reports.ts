import type { BatchObservableResult } from '@opentelemetry/api';
import type { Outcome } from '../errors/error-type.ts';
import { BoundedNames, OTHER } from './bounded-names.ts';
import type { CallLabelling } from './call-labels.ts';
import type { Families } from './families.ts';
import type { OnceWarnings } from './once-warnings.ts';

/** A call that the app handed to another provider, and how it ended there. */
export interface FallbackReport {
  readonly endpointId: string;
  /** Name of the other provider, such as `replicate`; the first 20 are told apart. */
  readonly provider: string;
  readonly outcome: Outcome;
}

/** State of the app's circuit breaker: open means that nothing is sent. */
export type CircuitState = 'closed' | 'open' | 'half_open';

const OUTCOMES: readonly Outcome[] = ['ok', 'error', 'timeout', 'cancelled'];
const CIRCUIT_STATES: readonly CircuitState[] = ['closed', 'open', 'half_open'];
const MAX_PROVIDERS = 20;

/** What only the app knows, and tells. */
export class AppReports {
  readonly #families: Families;
  readonly #labelling: CallLabelling;
  readonly #providers: BoundedNames;
  readonly #circuits = new Map<string, CircuitState | undefined>();

  constructor(families: Families, labelling: CallLabelling, warnings: OnceWarnings) {
    this.#families = families;
    this.#labelling = labelling;
    this.#providers = new BoundedNames(MAX_PROVIDERS, () => {
      const what = `more than ${MAX_PROVIDERS} fallback providers: new ones are counted as provider="${OTHER}"`;
      warnings.warn('providers', `${what}. Name the provider, not the model or the request.`);
    });
  }

  fellBack({ endpointId, provider, outcome }: FallbackReport): void {
    if (!OUTCOMES.includes(outcome)) throw new TypeError(`expected an outcome of ${OUTCOMES.join(', ')}`);
    const { fallbacks } = this.#families;
    const labels = {
      endpoint_id: this.#labelling.endpoint(endpointId),
      provider: this.#providers.admit(provider),
    };
    for (const each of OUTCOMES) fallbacks.begin({ ...labels, outcome: each });
    fallbacks.add(1, { ...labels, outcome });
  }

  circuitMoved(endpointId: string, state: CircuitState | undefined): void {
    if (state !== undefined && !CIRCUIT_STATES.includes(state))
      throw new TypeError(`expected a state of ${CIRCUIT_STATES.join(', ')} or undefined`);
    const endpoint = this.#labelling.endpoint(endpointId);
    if (state !== undefined || this.#circuits.has(endpoint)) this.#circuits.set(endpoint, state);
  }

  /** A breaker that is no longer reported is 0 at every state: see `InFlight` for why it cannot just be left out. */
  observe(result: BatchObservableResult): void {
    for (const [endpoint, current] of this.#circuits) {
      for (const state of CIRCUIT_STATES) {
        const value = state === current ? 1 : 0;
        this.#families.circuitState.observe(result, value, { endpoint_id: endpoint, state });
      }
    }
  }
}
