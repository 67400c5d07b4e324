import type { MetricDefinition } from 'opentelemetry-instrumentation-fal/core';
import type { FamilySnapshot } from '../metrics/family.ts';

/** A family of somebody else: what is known of it, and its sample lines as they stand in every format. */
export interface ForeignFamily {
  readonly name: string;
  readonly help: string;
  /** Otherwise of a type that nobody knows. */
  readonly isGauge: boolean;
  /** Each with its line end. */
  readonly lines: readonly string[];
}

/** One exposition format: what stands around the sample lines, which are the same in all of them. */
export interface ExpositionFormat {
  /** Media type with version and character set, without `escaping`. */
  readonly contentType: string;
  /** The HELP, TYPE and UNIT lines of a family, each with its line end. */
  familyHead(family: FamilySnapshot): string;
  /** The same for a family of somebody else. */
  foreignHead(family: ForeignFamily): string;
  /** What closes the body. */
  readonly end: string;
}

/** Backslash and newline, as HELP text wants them escaped in both formats. */
export function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** What the TYPE line of a family says. */
export function scrapedType(definition: MetricDefinition): string {
  return (definition.type === 'gauge' ? definition.scrapedAs : undefined) ?? definition.type;
}
