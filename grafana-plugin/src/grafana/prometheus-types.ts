/** Types of data sources that speak the API of Prometheus. */
const PROMETHEUS_TYPES: readonly string[] = [
  'prometheus',
  'grafana-amazonprometheus-datasource',
  'grafana-azureprometheus-datasource',
];

/** Whether a data source of this type speaks the API of Prometheus. */
export function isPrometheus(type: string): boolean {
  return PROMETHEUS_TYPES.includes(type);
}
