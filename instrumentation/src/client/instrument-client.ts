import type { FalTelemetry } from '../telemetry.ts';
import { fieldOf, upload, wholeRequest } from './direct-calls.ts';
import { withObservedFetch } from './observed-fetch.ts';
import { type Method, type Wrapper, asWrapperOf, originalOf, unwrapMethod, wrapMethod } from './patch.ts';
import { cancel, result, status, streamStatus, submit, subscribeToStatus } from './queue-calls.ts';
import { connect } from './realtime-call.ts';
import { stream } from './stream-call.ts';

type Wrappers = readonly (readonly [name: string, wrap: (telemetry: FalTelemetry) => Wrapper])[];

const OF_CLIENT: Wrappers = [
  ['run', (telemetry) => wholeRequest(telemetry, 'run')],
  ['subscribe', (telemetry) => wholeRequest(telemetry, 'subscribe')],
  ['stream', stream],
];

const OF_PARTS: Readonly<Record<string, Wrappers>> = {
  queue: [
    ['submit', submit],
    ['status', status],
    ['result', result],
    ['cancel', cancel],
    ['subscribeToStatus', subscribeToStatus],
    ['streamStatus', streamStatus],
  ],
  streaming: [['stream', stream]],
  storage: [['upload', upload]],
  realtime: [['connect', connect]],
};

/** Whether a value looks like a client of `@fal-ai/client`, an instance or the ready-made `fal`. */
export function isClient(value: unknown): value is object {
  return typeof fieldOf(value, 'run') === 'function' && typeof fieldOf(value, 'subscribe') === 'function';
}

/** Wraps the methods of a client in place. Its fetch is another matter: see `observed-fetch.ts`. */
export function wrapClient(telemetry: FalTelemetry, client: object): void {
  for (const [name, wrap] of OF_CLIENT) wrapMethod(client, name, wrap(telemetry));
  wrapParts(telemetry, client);
}

/** The parts of `fal` are those of its current instance, new ones after each `fal.config()`. */
function wrapParts(telemetry: FalTelemetry, client: object): void {
  for (const [part, wrappers] of Object.entries(OF_PARTS)) {
    const holder = fieldOf(client, part);
    for (const [name, wrap] of wrappers) wrapMethod(holder, name, wrap(telemetry));
  }
}

export function unwrapClient(client: object): void {
  for (const [name] of OF_CLIENT) unwrapMethod(client, name);
  unwrapMethod(client, 'config');
  for (const [part, wrappers] of Object.entries(OF_PARTS)) {
    for (const [name] of wrappers) unwrapMethod(fieldOf(client, part), name);
  }
}

/** The arguments of a call that configures a client, with an observed fetch in the configuration. */
function observedArguments(telemetry: FalTelemetry, args: readonly unknown[]): never[] {
  const [config, ...rest] = args;
  telemetry.warnings.configured(config);
  const observed = telemetry.fence.try('observing the fetch of a client', () =>
    withObservedFetch(telemetry, config),
  );
  return [observed ?? config, ...rest] as never[];
}

/** Wraps `fal`: its own methods, its `config`, and the instance behind it, now and after each `config`. */
export function wrapSingleton(telemetry: FalTelemetry, fal: object): void {
  wrapClient(telemetry, fal);
  wrapMethod(
    fal,
    'config',
    (original) =>
      function (this: unknown, ...args: never[]): unknown {
        const observed = observedArguments(telemetry, args);
        const answer: unknown = Reflect.apply(original, this, observed);
        telemetry.fence.try('wrapping the parts of a client', () => wrapParts(telemetry, fal));
        return answer;
      },
  );
}

/** A `createFalClient` whose clients are observed from their first request on. */
export function wrapFactory(telemetry: FalTelemetry, createFalClient: Method): Method {
  if (originalOf(createFalClient) !== undefined) return createFalClient;
  return asWrapperOf(createFalClient, function (this: unknown, ...args: never[]): unknown {
    const observed = observedArguments(telemetry, args);
    const client: unknown = Reflect.apply(createFalClient, this, observed);
    telemetry.fence.try('wrapping a new client', () => {
      if (isClient(client)) wrapClient(telemetry, client);
    });
    return client;
  });
}
