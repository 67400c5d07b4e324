import type { ValueLink } from '../grafana/index.ts';

/** To the dashboard of one model, in the shown range; the model of the clicked series unless told otherwise. */
export function toEndpoint(model = '${__field.labels.endpoint_id}'): ValueLink {
  return {
    title: 'Anatomy of this model',
    url: `/d/fal-endpoint?var-datasource=\${datasource}&var-endpoint_id=${model}&\${__url_time_range}`,
  };
}
