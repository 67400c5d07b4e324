import type { ComponentState } from '../domain/status-page.ts';
import type { StatusComponentView, StatusPageView } from './view.ts';
import { clockTime, plural } from './words.ts';

const STATE_WORDS: Readonly<Record<ComponentState, string>> = {
  operational: 'operational',
  degraded: 'degraded',
  partial_outage: 'partial outage',
  major_outage: 'major outage',
  maintenance: 'under maintenance',
  unknown: 'in a state that we do not know',
};

const MOST_NAMED = 3;

export interface StatusPageWords {
  /** True when fal itself tells of anything but normal operation. */
  readonly isTrouble: boolean;
  /** `all operational`; `Model API – major outage since 14:02 UTC; incident: Elevated error rates (major)`. */
  readonly text: string;
}

/** What a status page says, in one line. `now` decides whether times carry a date. */
export function statusPageWords(
  { overall, components, incidents }: Pick<StatusPageView, 'overall' | 'components' | 'incidents'>,
  now: number,
): StatusPageWords {
  const ill = components.filter(({ state }) => state !== 'operational');
  const named = [
    ...ill.map((component) => componentWords(component, now)),
    ...incidents.map(({ title, impact, since }) => `incident: ${title} (${impact})${sinceClock(since, now)}`),
  ];
  if (named.length > 0) {
    const more = named.length - MOST_NAMED;
    const text = named.slice(0, MOST_NAMED).join('; ') + (more > 0 ? `; and ${more} more` : '');
    return { isTrouble: true, text };
  }
  if (overall === 'issues') return { isTrouble: true, text: 'issues, without saying where' };
  if (overall === 'maintenance') return { isTrouble: true, text: 'maintenance, without saying where' };
  const count = plural(components.length, 'component');
  return {
    isTrouble: false,
    text: components.length > 0 ? `all operational (${count})` : 'no open incident',
  };
}

function componentWords({ name, state, since }: StatusComponentView, now: number): string {
  return `${name} – ${STATE_WORDS[state]}${sinceClock(since, now)}`;
}

function sinceClock(since: number | undefined, now: number): string {
  return since === undefined ? '' : ` since ${clockTime(since, now)}`;
}
