import { processWide } from './process-wide.ts';
import { FalTelemetry } from './telemetry.ts';
import type { FalTelemetryConfig } from './types.ts';

interface Holder {
  telemetry: FalTelemetry | undefined;
}

/** The one telemetry of the process that functions without an instance of their own speak to. */
function holder(): Holder {
  return processWide('telemetry-1', () => ({ telemetry: undefined }));
}

/** The telemetry in use, if any instrumentation has begun. */
export function currentTelemetry(): FalTelemetry | undefined {
  return holder().telemetry;
}

/** The telemetry in use, or the first one, with these settings. */
export function ensureTelemetry(config?: FalTelemetryConfig): FalTelemetry {
  return (holder().telemetry ??= new FalTelemetry(config));
}

/** From now on this is the telemetry in use. */
export function useTelemetry(telemetry: FalTelemetry | undefined): void {
  holder().telemetry = telemetry;
}
