import { type MeterProvider, type TracerProvider, diag, metrics, trace } from '@opentelemetry/api';
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
} from '@opentelemetry/instrumentation';
import { patchModule, unpatchModule } from './client/patch-module.ts';
import { currentTelemetry, useTelemetry } from './default-telemetry.ts';
import { FalTelemetry } from './telemetry.ts';
import type { FalTelemetryConfig } from './types.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from './version.ts';

/** Settings of `FalInstrumentation`; `enabled: false` starts it switched off. */
export type FalInstrumentationConfig = InstrumentationConfig & FalTelemetryConfig;

const CLIENT = '@fal-ai/client';
const CLIENT_VERSIONS = ['>=1.0.0 <2'];
const DEPRECATED_CLIENT = '@fal-ai/serverless-client';

/**
 * Measures every request that the app makes through `@fal-ai/client`, whether it is loaded by `require` or `import`.
 * Must be registered before the client is loaded; for bundled clients see `instrumentFal`.
 *
 * ```ts
 * registerInstrumentations({ instrumentations: [new FalInstrumentation()] });
 * ```
 */
export class FalInstrumentation extends InstrumentationBase<FalInstrumentationConfig> {
  // The base class calls `init` before fields of ours would be initialised, so none of them is.
  declare private lazyTelemetry: FalTelemetry | undefined;
  declare private meters: MeterProvider | undefined;
  declare private tracers: TracerProvider | undefined;

  constructor(config: FalInstrumentationConfig = {}) {
    super(PACKAGE_NAME, PACKAGE_VERSION, config);
    if (currentTelemetry() === undefined) useTelemetry(this.telemetry);
  }

  protected init(): InstrumentationNodeModuleDefinition[] {
    return [
      new InstrumentationNodeModuleDefinition(
        CLIENT,
        CLIENT_VERSIONS,
        (loaded: unknown) => patchModule(this.telemetry, loaded),
        (loaded: unknown) => unpatchModule(loaded),
      ),
      new InstrumentationNodeModuleDefinition(DEPRECATED_CLIENT, ['*'], (loaded: unknown) => {
        this.telemetry.warnings.loaded(DEPRECATED_CLIENT);
        return loaded;
      }),
    ];
  }

  override setMeterProvider(provider: MeterProvider): void {
    this.meters = provider;
    super.setMeterProvider(provider);
  }

  override setTracerProvider(provider: TracerProvider): void {
    this.tracers = provider;
    super.setTracerProvider(provider);
  }

  /** What the wrappers speak to; made at its first use, after the constructor of the base class. */
  private get telemetry(): FalTelemetry {
    return (this.lazyTelemetry ??= new FalTelemetry(this.getConfig(), {
      isEnabled: () => this.isEnabled(),
      meterProvider: () => this.meters ?? metrics.getMeterProvider(),
      tracerProvider: () => this.tracers ?? trace.getTracerProvider(),
      log: diag,
    }));
  }
}
