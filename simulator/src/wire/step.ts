import { addressOf, asksForSocket } from '../model-hosts/address.ts';
import type { SimulatedRequest } from '../reply.ts';
import type { Step } from './wire-rule.ts';

/** Steps of the hosts that have only one. */
const STEP_OF_HOST: Readonly<Record<string, Step>> = {
  'rest.fal.ai': 'upload',
  'v3.fal.media': 'media',
  'api.fal.ai': 'platform',
  'status.fal.ai': 'status-page',
  _control: 'control',
};

/** What a request is about. */
export interface Purpose {
  readonly step: Step;
  /** In submits, runs and streams. */
  readonly endpointId?: string | undefined;
  /** In polls, result fetches and cancels. */
  readonly requestId?: string | undefined;
}

/** Reads host, method and path of a request. */
export function purposeOf(request: SimulatedRequest): Purpose {
  const { host } = request;
  if (host === 'rest.fal.ai' && /^\/tokens(\/|$)/.test(request.path)) return { step: 'token' };
  if (host !== 'fal.run' && host !== 'queue.fal.run') return { step: STEP_OF_HOST[host] ?? 'other' };
  const address = addressOf(request.path);
  if (address.kind === 'nothing') return { step: 'other' };
  if (address.kind === 'job') return { step: address.action, requestId: address.requestId };
  const { endpointId } = address;
  if (host === 'queue.fal.run') return { step: 'submit', endpointId };
  if (asksForSocket(request)) return { step: 'realtime', endpointId: endpointId.replace(/\/realtime$/, '') };
  return endpointId.endsWith('/stream')
    ? { step: 'stream', endpointId: endpointId.slice(0, -'/stream'.length) }
    : { step: 'run', endpointId };
}
