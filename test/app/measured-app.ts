import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFalClient } from '@fal-ai/client';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { instrumentFal } from 'opentelemetry-instrumentation-fal/client';
import { simulatorFetch } from '../../exporter/src/fal/simulator-fetch.ts';

export interface AppOptions {
  readonly simulatorUrl: string;
  readonly falKey: string;
  /** Requests per second to each model, evenly spread. */
  readonly perSecond: number;
  readonly endpointIds: readonly string[];
}

/** An app that asks fal for pictures through the real client, and says how it fared on /metrics. */
export interface MeasuredApp {
  /** `host:port`, for Prometheus's targets. */
  readonly target: string;
  /** Requests sent so far. */
  sent(): number;
  stop(): void;
}

const POLL_INTERVAL_MS = 200;

/**
 * Starts an app that is instrumented as users do it: our instrumentation, the plain OpenTelemetry SDK, the stock
 * Prometheus exporter. Requests that hang stay in flight until the app stops: it has no deadline of its own.
 */
export async function startMeasuredApp(options: AppOptions): Promise<MeasuredApp> {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  metrics.setGlobalMeterProvider(provider);
  const fal = instrumentFal(createFalClient)({
    credentials: options.falKey,
    suppressLocalCredentialsWarning: true,
    // The client's pauses between attempts do not shrink with the durations of the rules.
    retry: { maxRetries: 0 },
    fetch: simulatorFetch(options.simulatorUrl, fetch),
  });
  const stopped = new AbortController();
  let sent = 0;
  const timer = setInterval(() => {
    for (const endpointId of options.endpointIds) {
      sent += 1;
      fal
        .subscribe(endpointId, {
          input: { prompt: 'a lighthouse' },
          pollInterval: POLL_INTERVAL_MS,
          abortSignal: stopped.signal,
        })
        .catch(ignore);
    }
  }, 1000 / options.perSecond);
  const server = createServer((request, response) => exporter.getMetricsRequestHandler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => sent,
    stop: () => {
      clearInterval(timer);
      stopped.abort();
      server.close();
      server.closeAllConnections();
      metrics.disable();
    },
  };
}

function ignore(): void {
  // How the requests fared is what the metrics tell.
}
