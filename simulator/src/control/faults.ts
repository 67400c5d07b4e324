import { ERROR_TABLE } from '../errors/error-table.ts';
import { type ControlCall, bodyOf } from './call.ts';
import { checked, isFlag, isInteger, isNumber, isOneOf, onlyKnown } from './check.ts';
import { badInput } from './refusal.ts';

const FIELDS = ['errorType', 'endpointId', 'times', 'rate', 'final'] as const;

/** `POST /failures`: the next `times` attempts fail, or a share `rate` of them until the scenario changes. */
export function orderFailure(call: ControlCall): unknown {
  const { engine } = call;
  const body = bodyOf(call);
  onlyKnown(Object.keys(body), FIELDS);
  if (body.times !== undefined && body.rate !== undefined)
    throw badInput('rate', 'either times or rate, not both');
  const endpointIds = [...engine.world.endpoints.keys()];
  const failure = {
    errorType: checked('errorType', body.errorType, isOneOf(Object.keys(ERROR_TABLE))),
    endpointId:
      body.endpointId === undefined
        ? undefined
        : checked('endpointId', body.endpointId, isOneOf(endpointIds)),
    final: body.final === undefined ? undefined : checked('final', body.final, isFlag),
  };
  if (body.rate !== undefined) {
    const rate = checked('rate', body.rate, isNumber(0, 1));
    engine.failRate({ ...failure, rate });
    return { ...failure, rate };
  }
  const times = body.times === undefined ? 1 : checked('times', body.times, isInteger(1));
  engine.failNext({ ...failure, times });
  return { ...failure, times };
}

/** `DELETE /failures`: takes back every failure on order; the scenario stays. */
export function clearFailures({ engine }: ControlCall): unknown {
  engine.clearFaults();
  return { cleared: true };
}
