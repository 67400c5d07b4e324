import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './query.ts';

/**
 * Beginnings of alerts as marks on every curve: those of Prometheus by its own series, those of Grafana by its built-in
 * annotation of the panels that they are linked to.
 */
export function alertAnnotations(): AnnotationQueryBuilder[] {
  return [
    new AnnotationQueryBuilder()
      .name('Grafana alerts')
      .builtIn(1)
      .datasource({ type: 'grafana', uid: '-- Grafana --' })
      .enable(true)
      .hide(true)
      .iconColor('orange')
      .type('dashboard'),
    alerts('Critical alerts', 'critical', { color: 'red', isOn: true }),
    alerts('Warnings', 'warning', { color: 'orange', isOn: false }),
  ];
}

/**
 * Only the first minute of each: a region as long as the incident would lie over the very curves that explain it.
 * Warnings are marked when the reader switches them on.
 */
function alerts(
  name: string,
  severity: string,
  { color, isOn }: { readonly color: string; readonly isOn: boolean },
): AnnotationQueryBuilder {
  const firing = `ALERTS{alertname=~"Fal.+", alertstate="firing", severity="${severity}"}`;
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(isOn)
    .hide(false)
    .iconColor(color)
    .expr(`${firing} unless ${firing} offset 1m`)
    .step('60s')
    .titleFormat('{{alertname}}')
    .textFormat('{{account}} {{endpoint_id}}')
    .tagKeys('severity,source');
}
