import type { Clock } from '../domain/clock.ts';
import { messageOf } from '../domain/message-of.ts';
import type { MetricStore } from '../metrics/store.ts';
import { otlpSettings } from './otlp-settings.ts';
import type { Environment } from './otlp-settings.ts';

export interface OtlpPushOptions {
  readonly store: MetricStore;
  readonly clock: Clock;
  /**
   * Decides whether and how to push. Hand in `process.env`: endpoint, headers, certificates, compression and
   * resource attributes are read from there by the OpenTelemetry SDK itself.
   */
  readonly env: Environment;
  /** Version of the exporter, for the scope and the resource. */
  readonly version: string;
  /** Told in one sentence when something about the push does not work; never with a URL or a header. */
  readonly onProblem: (text: string) => void;
  /** How long `shutdown` waits for the last push; 5 s unless given. */
  readonly shutdownTimeoutMs?: number | undefined;
}

export interface OtlpPush {
  readonly protocol: string;
  readonly intervalMs: number;
  /** Pushes what is there once more and stops. Settles within the time limit, and never rejects. */
  shutdown(): Promise<void>;
}

/**
 * Starts pushing the store by OTLP when the usual `OTEL_*` variables ask for it; see `otlpSettings` for which
 * and for the defaults (every 15 s, http/protobuf). Resolves to undefined when they do not, or when the SDK
 * cannot start; the latter is told as a problem, because scrapes must go on.
 *
 * The SDK is imported only here and only then: it costs tens of megabytes of memory.
 */
export async function startOtlpPush(options: OtlpPushOptions): Promise<OtlpPush | undefined> {
  const { store, clock, env, version, onProblem } = options;
  const settings = otlpSettings(env);
  if (settings === undefined) return undefined;
  for (const problem of settings.problems) onProblem(problem);
  try {
    const [{ createMetricProducer }, { openPipeline }] = await Promise.all([
      import('./otlp-producer.ts'),
      import('./otlp-pipeline.ts'),
    ]);
    const producer = createMetricProducer(store, version);
    const pipeline = await openPipeline({ producer, settings, env, version, onProblem });
    const { protocol, intervalMs } = settings;
    const stop = once(() => shutDown(pipeline, clock, options.shutdownTimeoutMs ?? 5000, onProblem));
    return { protocol, intervalMs, shutdown: stop };
  } catch (error) {
    onProblem(`OTLP push could not start (${messageOf(error)}); metrics are still there to be scraped`);
    return undefined;
  }
}

async function shutDown(
  pipeline: { shutdown(): Promise<void> },
  clock: Clock,
  timeoutMs: number,
  onProblem: (text: string) => void,
): Promise<void> {
  let cancel: () => void = () => undefined;
  const deadline = new Promise<never>((_, reject) => {
    cancel = clock.after(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs} ms`)));
  });
  try {
    await Promise.race([pipeline.shutdown(), deadline]);
  } catch (error) {
    onProblem(`the last OTLP push may be lost (${messageOf(error)})`);
  } finally {
    cancel();
  }
}

function once<T>(action: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => (result ??= { value: action() }).value;
}
