import type { Clock } from '../domain/clock.ts';
import * as catalogue from './catalogue.ts';
import type { MetricStore } from './store.ts';

export interface ExporterFacts {
  readonly version: string;
  readonly nodeVersion: string;
  readonly isDemo: boolean;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Binds what the exporter says about itself. Call it before anything else is bound: the count of refused series
 * must not be refused.
 */
export function recordExporter(store: MetricStore, facts: ExporterFacts): void {
  store.bind(catalogue.buildInfo, { version: facts.version, node_version: facts.nodeVersion }).set(1);
  store.bind(catalogue.demoMode, {}).set(facts.isDemo ? 1 : 0);
  const time = store.bind(catalogue.exporterTime, {});
  const series = store.bind(catalogue.seriesHeld, {});
  const refused = store.bind(catalogue.seriesRefused, {});
  const ignored = store.bind(catalogue.valuesIgnored, {});
  store.bind(catalogue.scrapeDuration, {});
  store.beforeCollect('exporter', () => {
    const { stats } = store;
    time.set(facts.clock.now() / 1000);
    series.set(stats.lines);
    refused.raiseTo(stats.refused);
    ignored.raiseTo(stats.ignored);
  });
}
