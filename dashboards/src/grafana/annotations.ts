import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './query.ts';

/**
 * Firing alerts as marks on every curve: those of Prometheus by its own series, those of Grafana by its built-in
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
    alerts('Critical alerts', 'critical', 'red'),
    alerts('Warnings', 'warning', 'orange'),
  ];
}

function alerts(name: string, severity: string, color: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .hide(false)
    .iconColor(color)
    .expr(`ALERTS{alertname=~"Fal.+", alertstate="firing", severity="${severity}"}`)
    .step('60s')
    .titleFormat('{{alertname}}')
    .textFormat('{{account}} {{endpoint_id}}')
    .tagKeys('severity,source');
}
