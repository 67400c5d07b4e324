import { describe, expect, it } from 'vitest';
import { dashboardPath, SET_UP_PAGE, withDataSource } from './addresses.ts';

describe('the addresses', () => {
  it('are those of plugin.json', () => expect(SET_UP_PAGE).toBe('/a/falobs-fal-app/set-up'));

  it('carry the data source, and what the dashboard shall show, safely', () => {
    const choice = { dataSourceUid: 'p', account: 'a&b', endpointId: 'fal-ai/flux/dev' };
    expect(dashboardPath('fal-endpoint', choice)).toBe(
      '/d/fal-endpoint?var-datasource=p&var-account=a%26b&var-endpoint_id=fal-ai%2Fflux%2Fdev',
    );
    expect(dashboardPath('fal-overview', { dataSourceUid: 'p' })).toBe('/d/fal-overview?var-datasource=p');
  });

  it('keep what a foreign link chose, but for the data source', () => {
    expect(withDataSource('/d/x?var-account=a&var-datasource=old', 'new')).toBe(
      '/d/x?var-account=a&var-datasource=new',
    );
    expect(withDataSource('/d/x', 'new')).toBe('/d/x?var-datasource=new');
  });
});
