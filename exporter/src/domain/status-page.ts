/** Name of the collector that reads the official status page: failures of it are told under this name. */
export const STATUS_PAGE_COLLECTOR = 'status-page';

/** How a part of the platform is, in fal's own opinion. `unknown`: the page says a word that we do not know. */
export const COMPONENT_STATES = [
  'operational',
  'degraded',
  'partial_outage',
  'major_outage',
  'maintenance',
  'unknown',
] as const;
export type ComponentState = (typeof COMPONENT_STATES)[number];

/** How bad an incident is, in fal's own opinion. An open incident of untold impact counts as minor. */
export const INCIDENT_IMPACTS = ['none', 'minor', 'major', 'critical'] as const;
export type IncidentImpact = (typeof INCIDENT_IMPACTS)[number];

/** What the page says of everything together, where it says so. */
export type OverallState = 'operational' | 'issues' | 'maintenance';

/** One part of the platform, as the page lists it. */
export interface StatusComponent {
  /** At most 64 characters, none of them a control character; unique within a reading. */
  readonly name: string;
  readonly state: ComponentState;
}

/** An incident that is going on. Planned maintenances are none. */
export interface StatusIncident {
  /** At most 200 characters, none of them a control character. */
  readonly title: string;
  readonly impact: IncidentImpact;
  /** Start as the page tells it, ms since the epoch. */
  readonly since?: number | undefined;
  /** Where people read more; always https. */
  readonly url?: string | undefined;
}
