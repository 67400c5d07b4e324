import { statusHistory, type PanelSpec, type Placed } from '../grafana/index.ts';
import { account } from '../promql/selectors.ts';
import { maxBy } from '../promql/traffic.ts';

/** What the dashboard that it stands on has to say, and room for. */
type Setting = Pick<PanelSpec, 'description' | 'width' | 'height' | 'noData' | 'maxDataPoints'>;

/** Good and bad runs of each probe over time. */
export function lastRunOfEachProbe(setting: Setting): Placed {
  return statusHistory({
    ...setting,
    title: 'Last run of each probe',
    queries: [{ expr: maxBy(['probe'], account('fal_probe_up')), legend: '{{probe}}' }],
    unit: 'none',
    thresholds: [{ color: 'red' }, { from: 1, color: 'green' }],
    words: [
      { at: 1, text: 'good', color: 'green' },
      { at: 0, text: 'bad', color: 'red' },
    ],
    hasLegend: false,
  });
}
