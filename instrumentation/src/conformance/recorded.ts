import { SpanStatusCode, context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

/** One series as the SDK collected it: a number, or what a histogram says. */
export interface Point {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Of a histogram; then `value` is its sum. */
  readonly count?: number | undefined;
}

/** A finished span, with times in ms since 1970. */
export interface RecordedSpan {
  readonly name: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly traceId: string;
  readonly from: number;
  readonly to: number;
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly string[];
}

/** A real OpenTelemetry SDK that keeps what it is told. */
export class Recorder {
  readonly meterProvider: MeterProvider;
  readonly tracerProvider: TracerProvider;
  readonly #reader = new ReaderOnDemand();
  readonly #spans = new InMemorySpanExporter();
  readonly #open = new OpenSpans();

  constructor() {
    context.disable();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    this.meterProvider = new MeterProvider({ readers: [this.#reader] });
    this.tracerProvider = new TracerProvider({
      idGenerator: countedIds(),
      spanProcessors: [new SimpleSpanProcessor({ exporter: this.#spans }), this.#open],
    });
  }

  /** Collects, as a scrape does. */
  async collect(): Promise<Reading> {
    const { resourceMetrics, errors } = await this.#reader.collect();
    if (errors.length > 0) throw new Error('collecting failed', { cause: errors[0] });
    const points = new Map<string, Point[]>();
    for (const { metrics } of resourceMetrics.scopeMetrics) {
      for (const { descriptor, dataPoints } of metrics) {
        points.set(
          descriptor.name,
          dataPoints.map(({ attributes, value }) => pointOf(attributes, value)),
        );
      }
    }
    return new Reading(points);
  }

  get spans(): readonly RecordedSpan[] {
    return this.#spans.getFinishedSpans().map(spanOf);
  }

  get openSpans(): number {
    return this.#open.count;
  }
}

/** What one collection brought. */
export class Reading {
  readonly #points: ReadonlyMap<string, readonly Point[]>;

  constructor(points: ReadonlyMap<string, readonly Point[]>) {
    this.#points = points;
  }

  /** The series of an instrument that are not zero. */
  of(instrument: string): readonly Point[] {
    return this.all(instrument).filter(({ value, count }) => value !== 0 || (count ?? 0) !== 0);
  }

  all(instrument: string): readonly Point[] {
    return this.#points.get(instrument) ?? [];
  }

  sum(instrument: string): number {
    return this.all(instrument).reduce((sum, { value }) => sum + value, 0);
  }

  count(instrument: string): number {
    return this.all(instrument).reduce((sum, { count = 0 }) => sum + count, 0);
  }

  /** Sums by one label. */
  by(instrument: string, label: string): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { labels, value } of this.of(instrument)) {
      const key = labels[label] ?? '';
      sums[key] = (sums[key] ?? 0) + value;
    }
    return sums;
  }

  get series(): number {
    return [...this.#points.values()].reduce((sum, { length }) => sum + length, 0);
  }

  get instruments(): readonly string[] {
    return [...this.#points.keys()];
  }
}

function pointOf(attributes: object, value: unknown): Point {
  const labels = attributes as Record<string, string>;
  if (typeof value === 'number') return { labels, value };
  const { sum = 0, count } = value as { readonly sum?: number; readonly count: number };
  return { labels, value: sum, count };
}

class ReaderOnDemand extends MetricReader {
  protected override async onShutdown(): Promise<void> {
    // It keeps nothing.
  }

  protected override async onForceFlush(): Promise<void> {
    // It collects only when it is asked.
  }
}

class OpenSpans implements SpanProcessor {
  count = 0;

  onStart(): void {
    this.count += 1;
  }

  onEnd(): void {
    this.count -= 1;
  }

  async forceFlush(): Promise<void> {
    // It keeps nothing.
  }

  async shutdown(): Promise<void> {
    // It keeps nothing.
  }
}

/** Ids without chance: the world's chance belongs to the client. */
function countedIds(): { generateTraceId(): string; generateSpanId(): string } {
  let count = 0;
  const id = (length: number): string => (count += 1).toString(16).padStart(length, '0');
  return { generateTraceId: () => id(32), generateSpanId: () => id(16) };
}

function spanOf(span: ReadableSpan): RecordedSpan {
  const { spanId, traceId } = span.spanContext();
  return {
    name: span.name,
    id: spanId,
    traceId,
    parentId: span.parentSpanContext?.spanId,
    from: millis(span.startTime),
    to: millis(span.endTime),
    isError: span.status.code === SpanStatusCode.ERROR,
    attributes: span.attributes,
    links: span.links.map((link) => link.context.spanId),
  };
}

function millis([seconds, nanos]: readonly [number, number]): number {
  return seconds * 1000 + nanos / 1e6;
}
