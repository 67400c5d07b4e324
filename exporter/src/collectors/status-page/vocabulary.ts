import type { ComponentState, IncidentImpact, OverallState } from '../../domain/status-page.ts';

/**
 * The words of the two common kinds of status page, without case and punctuation.
 * Sources: https://instatus.com/help/api and https://www.atlassian.com/software/statuspage (api/v2).
 */
const STATES: ReadonlyMap<string, ComponentState> = new Map([
  ['operational', 'operational'],
  ['up', 'operational'],
  ['degradedperformance', 'degraded'],
  ['degraded', 'degraded'],
  ['minoroutage', 'partial_outage'],
  ['partialoutage', 'partial_outage'],
  ['majoroutage', 'major_outage'],
  ['fulloutage', 'major_outage'],
  ['undermaintenance', 'maintenance'],
  ['maintenance', 'maintenance'],
]);

const IMPACTS: ReadonlyMap<string, IncidentImpact> = new Map([
  ['none', 'none'],
  ['operational', 'none'],
  ['maintenance', 'none'],
  ['undermaintenance', 'none'],
  ['minor', 'minor'],
  ['minoroutage', 'minor'],
  ['degradedperformance', 'minor'],
  ['major', 'major'],
  ['partialoutage', 'major'],
  ['critical', 'critical'],
  ['majoroutage', 'critical'],
]);

const OVERALL: ReadonlyMap<string, OverallState> = new Map([
  ['up', 'operational'],
  ['none', 'operational'],
  ['hasissues', 'issues'],
  ['minor', 'issues'],
  ['major', 'issues'],
  ['critical', 'issues'],
  ['undermaintenance', 'maintenance'],
  ['maintenance', 'maintenance'],
]);

const OPEN_WORDS: ReadonlySet<string> = new Set(['investigating', 'identified', 'monitoring', 'update']);
const CLOSED_WORDS: ReadonlySet<string> = new Set(['resolved', 'completed', 'postmortem']);

/** The state of a component; `unknown` for a word that is not known, or none. */
export function stateOf(word: string | null | undefined): ComponentState {
  return STATES.get(bare(word)) ?? 'unknown';
}

/** The impact of an open incident: of one that is open and says nothing more, minor is the least to assume. */
export function impactOf(word: string | null | undefined): IncidentImpact {
  return IMPACTS.get(bare(word)) ?? 'minor';
}

export function overallOf(word: string | null | undefined): OverallState | undefined {
  return OVERALL.get(bare(word));
}

/** What an update says of its incident; undefined for any other word. */
export function progressOf(word: string | null | undefined): 'open' | 'closed' | undefined {
  if (OPEN_WORDS.has(bare(word))) return 'open';
  return CLOSED_WORDS.has(bare(word)) ? 'closed' : undefined;
}

function bare(word: string | null | undefined): string {
  return (word ?? '')
    .slice(0, 40)
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
