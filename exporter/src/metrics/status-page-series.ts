import type { Config } from '../config/config.ts';
import { statusPageUrl } from '../config/status-page.ts';
import type { Clock } from '../domain/clock.ts';
import type { CollectorRan, StatusPageObserved } from '../domain/events.ts';
import { STALE_AFTER_INTERVALS } from '../domain/staleness.ts';
import {
  COMPONENT_STATES,
  type ComponentState,
  INCIDENT_IMPACTS,
  STATUS_PAGE_COLLECTOR,
  type StatusComponent,
} from '../domain/status-page.ts';
import * as catalogue from './catalogue.ts';
import type { Gauge } from './series.ts';
import type { MetricStore } from './store.ts';

type StatusPageSettings = Pick<Config, 'collectors' | 'statusPage' | 'simulatorUrl'>;

/**
 * What fal says about itself. What could not be read for three intervals is absent: a stale "operational" would
 * stand there all through an outage that takes the status page with it.
 */
export class StatusPageSeries {
  readonly #store: MetricStore;
  readonly #clock: Clock;
  readonly #up: Gauge;
  readonly #components = new Map<string, ReadonlyMap<ComponentState, Gauge>>();
  readonly #incidents;
  /** Monotonic ms of the last reading that told of components, and of the last one at all. */
  #componentsAt = -Infinity;
  #incidentsAt = -Infinity;
  #staleAfterMs = 0;
  #isEnabled = true;
  #url = '';

  constructor(store: MetricStore, clock: Clock, settings: StatusPageSettings) {
    this.#store = store;
    this.#clock = clock;
    this.#up = store.bind(catalogue.statusPageUp, {});
    this.#incidents = INCIDENT_IMPACTS.map((impact) => ({
      impact,
      gauge: store.bind(catalogue.statusIncident, { impact }),
    }));
    this.configure(settings);
  }

  configure(settings: StatusPageSettings): void {
    this.#staleAfterMs = STALE_AFTER_INTERVALS * settings.collectors['status-page'].intervalMs;
    this.#isEnabled = settings.statusPage.enabled;
    const url = statusPageUrl(settings);
    const isSamePage = url === this.#url;
    this.#url = url;
    if (this.#isEnabled && isSamePage) return;
    this.#up.clear();
    this.#forgetComponents();
    this.#forgetIncidents();
  }

  /** Any run of a collector; those of others are none of its business. */
  ran({ collector, ok }: CollectorRan): void {
    if (collector === STATUS_PAGE_COLLECTOR && this.#isEnabled) this.#up.set(ok ? 1 : 0);
  }

  observed({ components, incidents }: StatusPageObserved): void {
    // A reading that was on its way when the page was switched off.
    if (!this.#isEnabled) return;
    const now = this.#clock.monotonic();
    this.#incidentsAt = now;
    for (const { impact, gauge } of this.#incidents) {
      gauge.set(incidents.filter((incident) => incident.impact === impact).length);
    }
    if (components === undefined) return;
    this.#componentsAt = now;
    this.#showComponents(components);
  }

  /** Takes away what is too old to be true. */
  refresh(): void {
    const oldest = this.#clock.monotonic() - this.#staleAfterMs;
    if (this.#componentsAt < oldest) this.#forgetComponents();
    if (this.#incidentsAt < oldest) this.#forgetIncidents();
  }

  #showComponents(components: readonly StatusComponent[]): void {
    const names = new Set(components.map(({ name }) => name));
    // A renamed component takes its series along; the others get theirs again at once.
    if ([...this.#components.keys()].some((name) => !names.has(name))) this.#forgetComponents();
    for (const { name, state } of components) {
      const gauges = this.#components.get(name) ?? this.#bind(name);
      this.#components.set(name, gauges);
      for (const [one, gauge] of gauges) gauge.set(one === state ? 1 : 0);
    }
  }

  #bind(component: string): ReadonlyMap<ComponentState, Gauge> {
    return new Map(
      COMPONENT_STATES.map((state) => [
        state,
        this.#store.bind(catalogue.statusComponent, { component, state }),
      ]),
    );
  }

  #forgetComponents(): void {
    if (this.#components.size === 0) return;
    this.#store.remove((definition) => definition === catalogue.statusComponent);
    this.#components.clear();
  }

  #forgetIncidents(): void {
    for (const { gauge } of this.#incidents) gauge.clear();
  }
}
