import { VERDICT_KINDS, type EndpointVerdict, type VerdictKind } from '../verdict/verdict.ts';
import * as catalogue from './catalogue.ts';
import type { Gauge } from './series.ts';
import type { MetricStore } from './store.ts';

/** What is shown of one verdict. */
export type ShownVerdict = Pick<EndpointVerdict, 'endpointId' | 'verdict' | 'confidence'>;

interface EndpointGauges {
  readonly kinds: ReadonlyMap<VerdictKind, Gauge>;
  readonly confidence: Gauge;
}

/** The verdict on each model of one account at a time: another account name is another account. */
export class VerdictSeries {
  readonly #store: MetricStore;
  readonly #endpoints = new Map<string, EndpointGauges>();
  #account: string | undefined;

  constructor(store: MetricStore) {
    this.#store = store;
  }

  /** Shows these verdicts and no others: the series of models that are gone go, too. */
  show(account: string, verdicts: readonly ShownVerdict[]): void {
    if (this.#account !== undefined && this.#account !== account) this.#removeOf(() => true);
    this.#account = account;
    const wanted = new Set(verdicts.map(({ endpointId }) => endpointId));
    this.#removeOf((endpointId) => !wanted.has(endpointId));
    for (const shown of verdicts) this.#set(account, shown);
  }

  #set(account: string, { endpointId, verdict, confidence }: ShownVerdict): void {
    const gauges = this.#endpoints.get(endpointId) ?? this.#open(account, endpointId);
    // One of six is 1 and the others 0, so that an alert on one of them resolves instead of losing its series.
    for (const [kind, gauge] of gauges.kinds) gauge.set(kind === verdict ? 1 : 0);
    gauges.confidence.set(confidence);
  }

  #open(account: string, endpointId: string): EndpointGauges {
    const labels = { account, endpoint_id: endpointId };
    const gauges: EndpointGauges = {
      kinds: new Map(
        VERDICT_KINDS.map((kind) => [
          kind,
          this.#store.bind(catalogue.verdict, { ...labels, verdict: kind }),
        ]),
      ),
      confidence: this.#store.bind(catalogue.verdictConfidence, labels),
    };
    this.#endpoints.set(endpointId, gauges);
    return gauges;
  }

  #removeOf(isGone: (endpointId: string) => boolean): void {
    const gone = new Set([...this.#endpoints.keys()].filter(isGone));
    if (gone.size === 0) return;
    const families: readonly unknown[] = catalogue.VERDICT_METRICS;
    this.#store.remove(
      (definition, labels) =>
        families.includes(definition) && labels.endpoint_id !== undefined && gone.has(labels.endpoint_id),
    );
    for (const endpointId of gone) this.#endpoints.delete(endpointId);
  }
}
