import { gauge } from 'opentelemetry-instrumentation-fal/core';

export const endpointLatencyLimit = gauge({
  name: 'fal_endpoint_latency_limit_seconds',
  instrument: 'fal.endpoint.latency_limit.seconds',
  unit: 's',
  labels: ['account', 'endpoint_id'],
  fedBy: 'config',
  help: 'The P95 limit in force for the model, from the configuration, 60 unless set there. A video model that needs minutes wants a limit of its own: endpoints: [{id, latency_limit}].',
});

export const endpointErrorRatio = gauge({
  name: 'fal_endpoint_error_ratio',
  instrument: 'fal.endpoint.error_ratio',
  unit: '1',
  labels: ['account', 'endpoint_id', 'window'],
  fedBy: 'probes',
  help: 'Failures (errors with fault!~"app|account") ÷ finished runs without the cancelled, over the probes of the model in the sliding window. Absent when nothing finished. Do not average it across exporters: divide the counters.',
});

export const modelUnitPrice = gauge({
  name: 'fal_model_unit_price_usd',
  instrument: 'fal.model.unit_price.usd',
  unit: '{USD}',
  labels: ['account', 'endpoint_id', 'unit'],
  fedBy: 'collector: pricing',
  help: 'List price of one billable unit of the model. A step in it explains a step in spend without more traffic.',
});

export const ENDPOINT_METRICS = [endpointLatencyLimit, endpointErrorRatio, modelUnitPrice] as const;
