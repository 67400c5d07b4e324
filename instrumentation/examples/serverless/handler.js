/**
 * A function of a serverless platform (Vercel's signature; on Lambda the body is the same). Nobody can scrape it,
 * and between two requests it is frozen, timers and all: it pushes before it answers.
 *
 * Which numbers it pushes: OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE
 *   cumulative  (default) the totals of this instance since it started. For Prometheus, Mimir and Grafana Cloud,
 *               which take nothing else. `service.instance.id` keeps instances apart; rates miss what an instance
 *               did before its first push.
 *   delta       what is new since the last push. For what adds up by itself: Datadog, Honeycomb, or a collector with
 *               the deltatocumulative processor before Prometheus. Better where instances live for a few requests.
 *
 *   OTEL_SERVICE_NAME=pictures OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node serverless/invoke.js "a lighthouse"
 */
import { diag, DiagConsoleLogger, DiagLogLevel, metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { detectResources, envDetector, serviceInstanceIdDetector } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { instrumentFal } from 'opentelemetry-instrumentation-fal/client';
import { fal, MODEL } from '../lib/fal.js';

// A push that fails is told in the log of the function, and nowhere else.
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);

// Once per instance. A collector that does not answer costs a request two seconds and no more.
const patience = 2_000;
const meterProvider = new MeterProvider({
  resource: detectResources({ detectors: [envDetector, serviceInstanceIdDetector] }),
  readers: [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ timeoutMillis: patience }),
      exportTimeoutMillis: patience,
    }),
  ],
});
metrics.setGlobalMeterProvider(meterProvider);
instrumentFal(fal);

export async function POST(request) {
  try {
    const { prompt } = await request.json();
    const { data } = await fal.subscribe(MODEL, { input: { prompt } });
    return Response.json({ url: data.images[0].url });
  } catch (error) {
    return Response.json(
      { error: 'the picture could not be made' },
      { status: error.status === 422 ? 422 : 502 },
    );
  } finally {
    // Where the platform has it, `waitUntil(meterProvider.forceFlush())` does this after the answer.
    await meterProvider.forceFlush().catch((error) => diag.error('the metrics were not pushed', error));
  }
}
