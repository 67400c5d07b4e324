import { stateTimeline, timeSeries, type Placed } from '../grafana/index.ts';
import { self } from '../promql/selectors.ts';

/** States that fal’s page says of a component, the better ones first. */
const COMPONENT_STATES = [
  { state: 'operational', rank: 0, color: 'green' },
  { state: 'unknown', rank: 1, color: 'text' },
  { state: 'maintenance', rank: 2, color: 'blue' },
  { state: 'degraded', rank: 3, color: 'yellow' },
  { state: 'partial_outage', rank: 4, color: 'orange' },
  { state: 'major_outage', rank: 5, color: 'red' },
] as const;

/** What fal’s own page says. */
export function statusPage(): Placed[] {
  return [
    stateTimeline({
      title: 'Components, as fal says',
      description:
        'What fal’s own page says of its parts. It lags by minutes: trust your probes first. Absent: the page could not be read.',
      width: 16,
      height: 9,
      queries: [
        {
          expr: `max by (component) (${COMPONENT_STATES.map(({ state, rank }) => `(${self('fal_status_component', `state="${state}"`)} == 1) * 0 + ${rank}`).join(' or ')})`,
          legend: '{{component}}',
        },
      ],
      unit: 'none',
      noData: 'The status page was not read: collector status-page is off, or the page cannot be reached',
      thresholds: [{ color: 'green' }],
      words: COMPONENT_STATES.map(({ state, rank, color }) => ({
        at: rank,
        text: state.replace('_', ' '),
        color,
      })),
      hasLegend: false,
    }),
    timeSeries({
      title: 'Open incidents, as fal says',
      description:
        'By impact. Above 0 fal knows of a problem already: read its page before you write to support.',
      width: 8,
      height: 9,
      queries: [
        { expr: `max by (impact) (${self('fal_status_incident')})`, legend: '{{impact}}' },
        { expr: `1 - max(${self('fal_status_page_up')}) > 0`, legend: 'page cannot be read' },
      ],
      unit: 'short',
      decimals: 0,
      min: 0,
      softMax: 1,
      noData: 'The status page was not read',
      isStacked: true,
    }),
  ];
}
