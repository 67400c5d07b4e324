import { describe, expect, it } from 'vitest';
import { field } from './frames-of-models.ts';
import { modelLinks } from './model-links.ts';

const CONFIG = { links: [{ title: 'Details', url: '/d/fal-endpoint' }] };
const LINK = {
  href: '/d/fal-endpoint',
  title: 'Details',
  target: '_self' as const,
  origin: undefined as never,
};

describe('modelLinks', () => {
  it('gives the data links of the query total by model', () => {
    const value = field('Value', 'number', {
      values: [1],
      labels: { endpoint_id: 'a' },
      config: CONFIG,
      getLinks: () => [LINK],
    });
    const links = modelLinks([{ refId: 'total', length: 1, fields: [value] }]);
    expect(links.get('a')?.()).toEqual([LINK]);
  });

  it('gives none for another query, without a model, or where none are set', () => {
    const linked = field('Value', 'number', { values: [1], labels: { endpoint_id: 'a' }, config: CONFIG });
    const nameless = field('Value', 'number', { values: [1], config: CONFIG });
    const plain = field('Value', 'number', { values: [1], labels: { endpoint_id: 'a' } });
    const frames = [
      { refId: 'queue', length: 1, fields: [linked] },
      { refId: 'total', length: 1, fields: [nameless, plain] },
    ];
    expect(modelLinks(frames).size).toBe(0);
  });
});
