import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOf } from './link.ts';

const LINK = {
  dashboard: 'fal-endpoint',
  endpointId: 'fal-ai/flux',
  account: undefined,
  datasource: 'prom',
  from: 'now-6h',
  to: 'now',
};

describe('the link of a row', () => {
  it('opens the dashboard on the same model, data source and time', () => {
    expect(pathOf(LINK)).toBe(
      '/d/fal-endpoint?var-datasource=prom&var-endpoint_id=fal-ai%2Fflux&from=now-6h&to=now',
    );
  });

  it('leaves out what is not known', () => {
    expect(pathOf({ ...LINK, datasource: undefined, account: 'prod' })).toBe(
      '/d/fal-endpoint?var-endpoint_id=fal-ai%2Fflux&var-account=prod&from=now-6h&to=now',
    );
  });

  it('is none without a dashboard', () => {
    expect(pathOf({ ...LINK, dashboard: ' ' })).toBeUndefined();
  });

  it('stays on this Grafana and carries every name whole, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (endpointId, dashboard) => {
        const path = pathOf({ ...LINK, endpointId, dashboard: `d${dashboard}` }) ?? '';
        const url = new URL(path, 'https://grafana.example');

        expect(url.origin).toBe('https://grafana.example');
        expect(url.searchParams.get('var-endpoint_id')).toBe(endpointId);
        expect(url.pathname.split('/')).toHaveLength(3);
      }),
    );
  });
});
