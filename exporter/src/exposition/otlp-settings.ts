/** How metrics leave by OTLP, as the usual variables say. */
export interface OtlpSettings {
  readonly protocol: OtlpProtocol;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Variables whose values we cannot use, said in words; the defaults stand in for them. */
  readonly problems: readonly string[];
}

export type OtlpProtocol = 'grpc' | 'http/protobuf' | 'http/json';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A quarter of the SDK's usual minute: rules over two minutes need points at least every 15 s, or a ratio over
 * 25 % cannot page in time.
 */
export const DEFAULT_EXPORT_INTERVAL_MS = 15_000;

const DEFAULT_EXPORT_TIMEOUT_MS = 10_000;
const PROTOCOLS: readonly OtlpProtocol[] = ['grpc', 'http/protobuf', 'http/json'];

/**
 * What the environment asks for; undefined when it asks for no push of metrics.
 *
 * Push is on when `OTEL_METRICS_EXPORTER` lists `otlp`, or when it is unset and an OTLP endpoint is set. It is
 * off when `OTEL_SDK_DISABLED` is true or `OTEL_METRICS_EXPORTER` lists `none`.
 * Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function otlpSettings(env: Environment): OtlpSettings | undefined {
  if (!isPushWanted(env)) return undefined;
  const problems: string[] = [];
  const intervalMs = milliseconds(env, 'OTEL_METRIC_EXPORT_INTERVAL', DEFAULT_EXPORT_INTERVAL_MS, problems);
  const timeoutMs = milliseconds(env, 'OTEL_METRIC_EXPORT_TIMEOUT', DEFAULT_EXPORT_TIMEOUT_MS, problems);
  return {
    protocol: protocolOf(env, problems),
    intervalMs,
    // A push must be over when the next one starts.
    timeoutMs: Math.min(timeoutMs, intervalMs),
    problems,
  };
}

function isPushWanted(env: Environment): boolean {
  if (textOf(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return false;
  const exporters = textOf(env, 'OTEL_METRICS_EXPORTER')
    ?.split(',')
    .map((name) => name.trim().toLowerCase());
  if (exporters !== undefined) return exporters.includes('otlp') && !exporters.includes('none');
  return (
    textOf(env, 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT') !== undefined ||
    textOf(env, 'OTEL_EXPORTER_OTLP_ENDPOINT') !== undefined
  );
}

function protocolOf(env: Environment, problems: string[]): OtlpProtocol {
  const name = ['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'].find(
    (candidate) => textOf(env, candidate) !== undefined,
  );
  if (name === undefined) return 'http/protobuf';
  const wanted = textOf(env, name);
  const known = PROTOCOLS.find((protocol) => protocol === wanted);
  if (known === undefined) {
    problems.push(`${name} is "${wanted}"; expected one of ${PROTOCOLS.join(', ')}; using http/protobuf`);
  }
  return known ?? 'http/protobuf';
}

/** Longest time that a timer of Node.js can wait; a longer one would fire at once, again and again. */
const MAX_TIMER_MS = 2 ** 31 - 1;

function milliseconds(env: Environment, name: string, fallback: number, problems: string[]): number {
  const text = textOf(env, name);
  if (text === undefined) return fallback;
  const ms = Number(text);
  if (Number.isInteger(ms) && ms > 0 && ms <= MAX_TIMER_MS) return ms;
  problems.push(
    `${name} is "${text}"; expected whole milliseconds from 1 to ${MAX_TIMER_MS}; using ${fallback}`,
  );
  return fallback;
}

/** An empty variable counts as unset, as the specification wants it. */
function textOf(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
}
