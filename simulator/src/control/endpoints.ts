import type { Engine } from '../engine.ts';
import type { DurationModel, Endpoint } from '../world.ts';
import { type ControlCall, bodyOf, noSuch } from './call.ts';
import { type Check, isFlag, isInteger, isNumber, isObject, isOneOf, isText, orNull } from './check.ts';
import { type Field, type Patch, applyPatch, field } from './patch.ts';

const NANO = 1e9;
const DAY_MS = 86_400_000;

const isDuration: Check<DurationModel> = {
  expected: 'an object {"medianMs": 0 or more, "sigma": 0 to 3}',
  accepts: (value): value is DurationModel =>
    isObject(value) &&
    Object.keys(value).length === 2 &&
    isNumber(0, DAY_MS).accepts(value.medianMs) &&
    isNumber(0, 3).accepts(value.sigma),
};

/** The fields that take a value as it is. */
function plain<K extends keyof Endpoint>(name: K, check: Check<Endpoint[K]>): Field<Endpoint> {
  return field(check, (endpoint: Endpoint, value) => {
    endpoint[name] = value;
  });
}

const PATCH: Patch<Endpoint> = {
  displayName: plain('displayName', isText),
  category: plain('category', isText),
  status: plain('status', isOneOf(['active', 'deprecated', 'removed'])),
  unit: plain('unit', isText),
  unitsPerRequest: plain('unitsPerRequest', isNumber(0, 1e6)),
  unitPriceUsd: field(orNull(isNumber(0, 1e6)), (endpoint: Endpoint, usd) => {
    endpoint.unitPriceNano = usd === null ? undefined : Math.round(usd * NANO);
  }),
  maxRunners: plain('maxRunners', isInteger(0, 1000)),
  idleTimeoutMs: plain('idleTimeoutMs', isNumber(0, DAY_MS)),
  coldStart: plain('coldStart', isDuration),
  inference: plain('inference', isDuration),
  foreignQueue: plain('foreignQueue', isInteger(0, 1e6)),
  foreignServiceMs: plain('foreignServiceMs', isNumber(0, DAY_MS)),
  startupTimeoutMs: plain('startupTimeoutMs', isNumber(1, DAY_MS)),
  processingLimitMs: plain('processingLimitMs', isNumber(1, DAY_MS)),
  ignoresCancel: plain('ignoresCancel', isFlag),
};

/** `GET /endpoints` */
export function listEndpoints({ engine }: ControlCall): unknown {
  return { endpoints: [...engine.world.endpoints.values()].map((each) => endpointView(engine, each)) };
}

/** `GET /endpoints/{id}` */
export function showEndpoint(call: ControlCall): unknown {
  return endpointView(call.engine, endpointOf(call));
}

/** `PATCH /endpoints/{id}`: holds for jobs that come after it. */
export function changeEndpoint(call: ControlCall): unknown {
  const endpoint = endpointOf(call);
  applyPatch(PATCH, endpoint, bodyOf(call));
  call.engine.wake();
  return endpointView(call.engine, endpoint);
}

function endpointOf({ engine, name }: ControlCall): Endpoint {
  const endpoint = engine.world.endpoints.get(name);
  if (endpoint === undefined) throw noSuch('endpoint', name, engine.world.endpoints.keys());
  return endpoint;
}

function endpointView(engine: Engine, endpoint: Endpoint): unknown {
  const { unitPriceNano, ...rest } = endpoint;
  const unitPriceUsd = unitPriceNano === undefined ? null : unitPriceNano / NANO;
  return { ...rest, unitPriceUsd, load: engine.load(endpoint.id) };
}
