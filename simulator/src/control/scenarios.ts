import { SCENARIOS } from '../scenarios/catalogue.ts';
import { type ControlCall, bodyOf, noSuch } from './call.ts';
import { checked, isOneOf, onlyKnown } from './check.ts';

/** `GET /scenarios` */
export function listScenarios({ simulator }: ControlCall): unknown {
  return {
    active: simulator.scenario,
    scenarios: SCENARIOS.map(({ name, description, concernsOneModel }) => ({
      name,
      description,
      concernsOneModel: concernsOneModel === true,
      active: name === simulator.scenario,
    })),
  };
}

/** `POST /scenarios/{name}`, with `{"endpointId"}` where it should concern one model. */
export function switchScenario(call: ControlCall): unknown {
  const { simulator, engine, name } = call;
  const body = bodyOf(call);
  const names = SCENARIOS.map((scenario) => scenario.name);
  if (!names.includes(name)) throw noSuch('scenario', name, names);
  onlyKnown(Object.keys(body), ['endpointId']);
  const endpointIds = [...engine.world.endpoints.keys()];
  const endpointId =
    body.endpointId === undefined ? undefined : checked('endpointId', body.endpointId, isOneOf(endpointIds));
  simulator.applyScenario(name, endpointId === undefined ? {} : { endpointId });
  return { active: simulator.scenario, ...(endpointId === undefined ? {} : { endpointId }) };
}
