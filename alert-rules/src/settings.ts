import { ALERTS } from './catalogue.ts';
import type { AlertDefinition, Severity } from './alert.ts';
import type { Jobs } from './promql.ts';

/** Where the links in a page lead. Without a trailing slash. */
export interface Links {
  /** The name of the alert follows. */
  readonly runbooks: string;
  /** The uid of a dashboard follows. */
  readonly dashboards: string;
}

/** One alert as it is in force. */
export interface AlertSettings {
  readonly enabled: boolean;
  readonly severity: Severity;
  readonly forSeconds: number;
  readonly keepFiringForSeconds?: number | undefined;
  /** Value per parameter of the definition; a parameter without default is absent until it is set. */
  readonly values: Readonly<Record<string, number>>;
}

/** Everything that a user may choose, complete. */
export interface Settings {
  readonly jobs: Jobs;
  readonly links: Links;
  /** By name of the alert; every alert of the catalogue is in here. */
  readonly alerts: ReadonlyMap<string, AlertSettings>;
}

/** Names that `prometheus/prometheus.yml` uses. */
const DEFAULT_JOBS: Jobs = {
  exporter: 'fal-exporter',
  drill: 'fal-drill',
  app: '.+',
  alertmanager: 'alertmanager',
  prometheus: 'prometheus',
};

/** The exporter serves the runbooks itself, so that a page works without the internet. */
const DEFAULT_LINKS: Links = {
  runbooks: 'http://localhost:10464/runbooks',
  dashboards: 'http://localhost:3000/d',
};

/** The pack as shipped: the thresholds that the users asked for. */
export function defaultSettings(): Settings {
  return {
    jobs: DEFAULT_JOBS,
    links: DEFAULT_LINKS,
    alerts: new Map(ALERTS.map((definition) => [definition.name, settingsOf(definition)])),
  };
}

function settingsOf(definition: AlertDefinition): AlertSettings {
  const defaults = Object.entries(definition.parameters).flatMap(([name, parameter]) =>
    parameter.default === undefined ? [] : [[name, parameter.default] as const],
  );
  return {
    enabled: definition.enabled,
    severity: definition.severity,
    forSeconds: definition.forSeconds,
    keepFiringForSeconds: definition.keepFiringForSeconds,
    values: Object.fromEntries(defaults),
  };
}
