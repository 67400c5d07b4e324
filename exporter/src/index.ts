/** What a program that embeds the exporter may use. */
export type { Config, Credentials, EndpointConfig, ProbeConfig } from './config/config.ts';
export type { Clock } from './domain/clock.ts';
export { systemClock } from './domain/clock.ts';
export type { DomainEvent, EventSink, ProbeRunFinished, ProbeTier } from './domain/events.ts';
export { startExporter } from './exporter.ts';
export type { Exporter, ExporterOptions } from './exporter.ts';
export { createLog } from './log.ts';
export type { Log } from './log.ts';
