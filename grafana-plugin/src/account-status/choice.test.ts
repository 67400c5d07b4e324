import { describe, expect, it } from 'vitest';
import { obstacleOf } from './choice.ts';

describe('obstacleOf', () => {
  it.each([
    ['none chosen', undefined, undefined, 'No Prometheus data source is chosen yet'],
    ['one that is gone', 'p', undefined, 'The chosen data source is gone, or you may not see it'],
    ['one of another type', 'l', { name: 'Logs', type: 'loki' }, 'Logs is no Prometheus data source'],
  ])('is in the way: %s', (_, uid, source, title) => expect(obstacleOf(uid, source)?.title).toBe(title));

  it('is not there for a Prometheus, Amazon’s and Azure’s included', () => {
    for (const type of [
      'prometheus',
      'grafana-amazonprometheus-datasource',
      'grafana-azureprometheus-datasource',
    ]) {
      expect(obstacleOf('p', { name: 'P', type })).toBeUndefined();
    }
  });
});
