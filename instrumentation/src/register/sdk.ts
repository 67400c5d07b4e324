import type * as OpenTelemetryApi from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type * as SdkNode from '@opentelemetry/sdk-node';
import { type Environment, valueOf, withVariables } from './environment.ts';
import { type EndingProcess, flushOnExit } from './flush-on-exit.ts';
import { serveMetrics } from './metrics-server.ts';
import { type PackageLoader, loaderOf } from './packages.ts';
import { createReaders } from './readers.ts';
import type { SdkSettings } from './sdk-settings.ts';

export interface SdkOptions {
  readonly instrumentation: Instrumentation;
  readonly settings: SdkSettings;
  /** What the app has registered with the API already; that stays. */
  readonly taken: ReadonlySet<string>;
  readonly api: typeof OpenTelemetryApi;
  readonly env: Record<string, string | undefined>;
  readonly load: PackageLoader;
  readonly process: EndingProcess;
}

const SDK = '@opentelemetry/sdk-node';

/** The last flush may hold a process back for so long: milliseconds. */
const DEADLINE_MS = 5_000;

/** Starts the SDK of OpenTelemetry with what the settings ask for, and nothing else that an app could trip over. */
export function startSdk(options: SdkOptions): void {
  const { settings, taken, api, env, load } = options;
  const hasTraces = settings.hasTraces && !taken.has('trace');
  const readers = withVariables(env, variablesFor(env), () => {
    const made = createReaders(settings, env, loaderOf(load, SDK));
    const { NodeSDK } = load(SDK) as typeof SdkNode;
    new NodeSDK({
      instrumentations: [options.instrumentation],
      metricReaders: made.all,
      ...(!hasTraces && { spanProcessors: [] }),
      ...withoutGlobals(taken, hasTraces),
    }).start();
    return made;
  });
  if (readers.prometheus !== undefined)
    serveMetrics({ host: settings.host, port: settings.port, answer: readers.prometheus, log: api.diag });
  if (hasTraces || settings.metrics.some((each) => each !== 'prometheus')) {
    const flush = (): Promise<unknown> =>
      Promise.allSettled([...readers.all.map((reader) => reader.forceFlush()), flushSpans(api)]);
    flushOnExit({ process: options.process, flush, deadlineMs: DEADLINE_MS });
  }
}

/** For what the SDK takes from variables only. */
function variablesFor(env: Environment): Environment {
  return {
    // We have set the logger by now, and a second one complains of the first.
    OTEL_LOG_LEVEL: undefined,
    // By default it would send logs, of which we have none, to a collector that may not be there.
    OTEL_LOGS_EXPORTER: valueOf(env, 'OTEL_LOGS_EXPORTER') ?? 'none',
    // The usual ones tell the command line to every scraper, and are not ready before the first scrape.
    OTEL_NODE_RESOURCE_DETECTORS: valueOf(env, 'OTEL_NODE_RESOURCE_DETECTORS') ?? 'env,serviceinstance',
    // Half of the usual time: nothing can recall the last export, so it may delay the end of the process by this.
    OTEL_EXPORTER_OTLP_TIMEOUT: valueOf(env, 'OTEL_EXPORTER_OTLP_TIMEOUT') ?? String(DEADLINE_MS),
  };
}

type Configuration = Partial<SdkNode.NodeSDKConfiguration>;

/**
 * Registers a context manager and a propagator for traces only, and only where there is none: an app that starts
 * its own tracing later, as Sentry does, would be refused.
 */
function withoutGlobals(taken: ReadonlySet<string>, hasTraces: boolean): Configuration {
  const isWanted = (name: string): boolean => hasTraces && !taken.has(name);
  return {
    // Null means none, which the types of this option do not say.
    ...(!isWanted('context') && ({ contextManager: null } as object)),
    ...(!isWanted('propagation') && { textMapPropagator: null }),
  };
}

interface Flushing {
  readonly forceFlush?: () => Promise<void>;
  readonly getDelegate?: () => Flushing;
}

/** Behind the proxy of the API is the provider of the SDK, which alone can flush. */
async function flushSpans({ trace }: typeof OpenTelemetryApi): Promise<void> {
  const provider = trace.getTracerProvider() as Flushing;
  await (provider.getDelegate?.() ?? provider).forceFlush?.();
}
