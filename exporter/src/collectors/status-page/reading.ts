import type {
  ComponentState,
  OverallState,
  StatusComponent,
  StatusIncident,
} from '../../domain/status-page.ts';

/** What one look at a status page told. */
export interface StatusPageReading {
  readonly overall?: OverallState | undefined;
  /** Absent when the documents that were read list none. */
  readonly components?: readonly StatusComponent[] | undefined;
  readonly incidents: readonly StatusIncident[];
}

export const LONGEST_NAME = 64;
export const LONGEST_TITLE = 200;
export const MOST_INCIDENTS = 20;
const MOST_COMPONENTS = 50;

/** From the least to the most that somebody should know of. */
const BY_WEIGHT: readonly ComponentState[] = [
  'operational',
  'unknown',
  'maintenance',
  'degraded',
  'partial_outage',
  'major_outage',
];

/**
 * Each name once, with the worst of its states: groups of a page repeat names, and a label set may not repeat.
 * Of too many, those that are not operational stay.
 */
export function boundedComponents(listed: readonly StatusComponent[]): readonly StatusComponent[] {
  const states = new Map<string, ComponentState>();
  for (const { name, state } of listed) {
    const known = states.get(name);
    if (known === undefined || weightOf(state) > weightOf(known)) states.set(name, state);
  }
  const all = [...states].map(([name, state]) => ({ name, state }));
  if (all.length <= MOST_COMPONENTS) return all;
  return all.toSorted((a, b) => weightOf(b.state) - weightOf(a.state)).slice(0, MOST_COMPONENTS);
}

function weightOf(state: ComponentState): number {
  return BY_WEIGHT.indexOf(state);
}
