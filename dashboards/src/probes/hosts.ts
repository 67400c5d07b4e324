import { stateTimeline, timeSeries, type Placed } from '../grafana/index.ts';
import { account } from '../promql/selectors.ts';
import { maxBy } from '../promql/traffic.ts';

/** What free probes see of the hosts of fal. */
export function hosts(): Placed[] {
  return [
    stateTimeline({
      title: 'Hosts of fal, as free probes see them',
      description:
        'Whether each host answered, at no cost and without a model. All red at once is more likely your own network.',
      width: 12,
      height: 8,
      queries: [{ expr: maxBy(['host'], account('fal_probe_host_up')), legend: '{{host}}' }],
      unit: 'none',
      noData: 'No free probe: configure one with tier: free',
      thresholds: [{ color: 'red' }, { from: 1, color: 'green' }],
      words: [
        { at: 1, text: 'answers', color: 'green' },
        { at: 0, text: 'silent', color: 'red' },
      ],
      hasLegend: false,
    }),
    timeSeries({
      title: 'Response time of the hosts',
      description: 'Network and gateway, without queue and model. High here and everywhere: your way to fal.',
      width: 12,
      height: 8,
      queries: [{ expr: maxBy(['host'], account('fal_probe_host_response_seconds')), legend: '{{host}}' }],
      unit: 's',
      noData: 'No free probe: configure one with tier: free',
      min: 0,
    }),
  ];
}
