import { isMode, MODES } from './behaviour.ts';
import type { Answer, PagerDutyService } from './service.ts';

export interface ControlCall {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

/**
 * What other processes (a drill, a shell) ask of the stand-in:
 *
 *   GET    /control/incidents
 *   GET    /control/requests     accepted and refused, with the reasons; without routing keys
 *   DELETE /control/requests     forget both
 *   GET    /control/mode
 *   PUT    /control/mode         {"mode": "rate-limited", "times": 3}; without times until switched
 */
export function control(service: PagerDutyService, { method, path, body }: ControlCall): Answer {
  switch (`${method} ${path}`) {
    case 'GET /control/incidents':
      return { status: 200, body: service.incidents() };
    case 'GET /control/requests':
      return { status: 200, body: service.requests() };
    case 'DELETE /control/requests':
      service.reset();
      return { status: 200, body: {} };
    case 'GET /control/mode':
      return { status: 200, body: modeOf(service) };
    case 'PUT /control/mode':
      return setMode(service, body);
    default:
      return { status: 404, body: { error: `no ${method} ${path} here` } };
  }
}

function modeOf({ behaviour }: PagerDutyService): object {
  const { mode, left } = behaviour;
  return Number.isFinite(left) ? { mode, left } : { mode };
}

function setMode(service: PagerDutyService, body: string | undefined): Answer {
  try {
    const { mode, times } = JSON.parse(body ?? '') as { mode?: unknown; times?: number };
    if (!isMode(mode)) throw new Error(`mode must be one of ${MODES.join(', ')}`);
    service.behaviour.set(mode, times);
    return { status: 200, body: modeOf(service) };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}
