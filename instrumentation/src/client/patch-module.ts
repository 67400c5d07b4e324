import type { FalTelemetry } from '../telemetry.ts';
import { fieldOf } from './direct-calls.ts';
import { isClient, unwrapClient, wrapFactory, wrapSingleton } from './instrument-client.ts';
import { observeConfigOf } from './observed-fetch.ts';
import { type Method, originalOf } from './patch.ts';

/** Every `fal` that was instrumented once: by now its app may have configured it. */
const known = new WeakSet<object>();

/**
 * Instruments `@fal-ai/client` as it is loaded: `createFalClient`, and the ready-made `fal`. Nobody has configured
 * `fal` yet, so it is configured anew with an observed fetch and otherwise the same defaults.
 *
 * A `require` hands over the exports; an `import` hands over a namespace whose default is the exports.
 */
export function patchModule(telemetry: FalTelemetry, loaded: unknown): unknown {
  for (const exports of exportsOf(loaded)) {
    const createFalClient = fieldOf(exports, 'createFalClient');
    if (typeof createFalClient === 'function') {
      replace(exports, 'createFalClient', wrapFactory(telemetry, createFalClient as Method));
    }
    const fal = fieldOf(exports, 'fal');
    if (!isClient(fal) || originalOf(fieldOf(fal, 'run')) !== undefined) continue;
    wrapSingleton(telemetry, fal);
    if (known.has(fal)) observeAgain(telemetry, fal);
    else configureAnew(fal);
    known.add(fal);
  }
  return loaded;
}

function configureAnew(fal: object): void {
  const configure = fieldOf(fal, 'config');
  if (typeof configure === 'function') Reflect.apply(configure as Method, fal, [{}] as never[]);
}

/** After a `disable` and an `enable`: the configuration is the app's, so only its fetch is exchanged. */
function observeAgain(telemetry: FalTelemetry, fal: object): void {
  observeConfigOf(telemetry, fal).catch(() => undefined);
}

/** Takes our wrappers off again, as far as the module still knows them. */
export function unpatchModule(loaded: unknown): void {
  for (const exports of exportsOf(loaded)) {
    const original = originalOf(fieldOf(exports, 'createFalClient'));
    if (original !== undefined) replace(exports, 'createFalClient', original);
    const fal = fieldOf(exports, 'fal');
    if (isClient(fal)) unwrapClient(fal);
  }
}

function exportsOf(loaded: unknown): object[] {
  const found = [loaded, fieldOf(loaded, 'default')];
  return found.filter((each): each is object => typeof each === 'object' && each !== null);
}

/** The exports of the client are getters that may be redefined; a namespace takes assignments through its hook. */
function replace(exports: object, name: string, value: unknown): void {
  const isNamespace =
    (exports as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'Module';
  if (isNamespace) (exports as Record<string, unknown>)[name] = value;
  else Object.defineProperty(exports, name, { value, configurable: true, enumerable: true, writable: true });
}
