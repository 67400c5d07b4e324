import { ProxyTracerProvider, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { PACKAGE_NAME, PACKAGE_VERSION } from '../version.ts';

/** What the API answers for a provider where no SDK was registered. */
const NOBODY = new ProxyTracerProvider().getDelegate();

/** Our tracer of the provider in force, looked up anew only when that is another one. */
export class TracerInForce {
  #provider: TracerProvider | undefined;
  #tracer: Tracer | undefined;

  /** Undefined where no SDK is registered: most apps measure without tracing, and pay nothing for it. */
  tracer(given: TracerProvider): Tracer | undefined {
    const provider = behind(given);
    if (provider === NOBODY) return undefined;
    if (provider !== this.#provider || this.#tracer === undefined) {
      this.#tracer = provider.getTracer(PACKAGE_NAME, PACKAGE_VERSION);
      this.#provider = provider;
    }
    return this.#tracer;
  }
}

/** The API hands out a proxy, behind which the SDK appears once it is registered. */
function behind(provider: TracerProvider): TracerProvider {
  const { getDelegate } = provider as { getDelegate?: unknown };
  return typeof getDelegate === 'function'
    ? (Reflect.apply(getDelegate, provider, []) as TracerProvider)
    : provider;
}
