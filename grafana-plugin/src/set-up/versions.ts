import { t } from '../language/translate.ts';
import { valueOf } from '../prometheus/ask.ts';
import { labelValues } from '../prometheus/sample.ts';
import type { Facts } from './facts.ts';

/** A part of the installation, and its version in words. */
export interface PartVersion {
  readonly part: string;
  readonly version: string;
}

/** The version of each part, as far as it tells. Several exporters or apps may differ: all versions are listed. */
export function versionsOf(
  { answers, serverVersion }: Facts,
  own: { readonly plugin: string; readonly grafana: string },
): PartVersion[] {
  const exporters = labelValues(valueOf(answers.exporters) ?? [], 'version').join(', ');
  const apps = labelValues(valueOf(answers.apps) ?? [], 'otel_scope_version').join(', ');
  const known = (version: string | undefined): string =>
    version === undefined || version === '' ? t('set-up.versions.unknown', 'not known') : version;
  return [
    { part: t('set-up.versions.plugin', 'This plugin'), version: known(own.plugin) },
    { part: 'Grafana', version: known(own.grafana) },
    { part: 'Prometheus', version: known(serverVersion) },
    { part: 'fal-exporter', version: known(exporters) },
    { part: 'opentelemetry-instrumentation-fal', version: known(apps) },
  ];
}
