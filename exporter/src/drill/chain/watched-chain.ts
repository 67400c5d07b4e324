import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { shippedTimes } from '../plan.ts';
import { failedDeliveriesOf, receiversOf, routedAlerts } from './alertmanager.ts';
import { AskedServer, reading } from './ask.ts';
import { alertmanagersOf, hasSample, raisedAlerts, rulesInForce } from './prometheus.ts';
import type { Chain, FailedDeliveries, Inspection, Labels, Reading, Sighting } from './sighting.ts';

export interface ChainOptions {
  /** Base URLs. */
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly fetch: Fetch;
  /** Whether alerts with these labels can be of this drill. */
  readonly isOurs: (labels: Labels) => boolean;
  /** A query that has a sample when Prometheus scrapes what the drill breaks. */
  readonly proofOfScrape?: string | undefined;
}

/** A real Prometheus and a real Alertmanager, asked over their APIs. */
export class WatchedChain implements Chain {
  readonly #options: ChainOptions;
  readonly #prometheus: AskedServer;
  readonly #alertmanager: AskedServer;

  constructor(options: ChainOptions) {
    this.#options = options;
    this.#prometheus = new AskedServer(options.prometheus, options.fetch);
    this.#alertmanager = new AskedServer(options.alertmanager, options.fetch);
  }

  async inspect(): Promise<Inspection> {
    const { proofOfScrape } = this.#options;
    const server = this.#prometheus;
    const [prometheus, alertmanager] = await Promise.all([
      reading(async () => ({
        rules: await rulesInForce(server, shippedTimes()),
        alertmanagers: await alertmanagersOf(server),
        isScraped: proofOfScrape === undefined ? undefined : await hasSample(server, proofOfScrape),
      })),
      reading(async () => ({ receivers: await receiversOf(this.#alertmanager) })),
    ]);
    return { prometheus, alertmanager };
  }

  async look(): Promise<Sighting> {
    const [prometheus, alertmanager] = await Promise.all([
      reading(async () => this.#ours(await raisedAlerts(this.#prometheus))),
      reading(async () => this.#ours(await routedAlerts(this.#alertmanager))),
    ]);
    return { prometheus, alertmanager };
  }

  failedDeliveries(): Promise<Reading<FailedDeliveries>> {
    return reading(() => failedDeliveriesOf(this.#alertmanager));
  }

  #ours<T extends { readonly labels: Labels }>(alerts: readonly T[]): readonly T[] {
    return alerts.filter(({ labels }) => this.#options.isOurs(labels));
  }
}
