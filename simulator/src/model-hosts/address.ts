import type { JobMode } from '../ledger.ts';
import type { SimulatedRequest } from '../reply.ts';
import { type Endpoint, type World, allOffered, offered } from '../world.ts';

/** First segments that belong to the app's name, so that owner and app come one later. */
const NAMESPACES = new Set(['workflows', 'comfy']);

/** What a path on `fal.run` or `queue.fal.run` addresses. */
export type Address =
  | { readonly kind: 'endpoint'; readonly endpointId: string }
  | { readonly kind: 'job'; readonly app: string; readonly requestId: string; readonly action: JobAction }
  | { readonly kind: 'nothing' };

export type JobAction = 'status' | 'status-stream' | 'result' | 'cancel';

const ACTIONS: Readonly<Record<string, JobAction>> = {
  '': 'result',
  response: 'result',
  status: 'status',
  'status/stream': 'status-stream',
  cancel: 'cancel',
};

/**
 * Reads a path. Job paths may carry the full endpoint id or the app alone; empty segments (a trailing slash) do
 * not count; the legacy form `12345-name` means `12345/name`.
 *
 * Source: the URL rules of https://github.com/fal-ai/fal-js, `libs/client/src/utils.ts` and `queue.ts`.
 */
export function addressOf(path: string): Address {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);
  const legacy = /^(\d+)-(.+)$/.exec(segments[0] ?? '');
  if (legacy !== null) segments.splice(0, 1, legacy[1] ?? '', legacy[2] ?? '');
  const appLength = appLengthOf(segments);
  if (segments.length < appLength) return { kind: 'nothing' };
  const at = segments.indexOf('requests', appLength);
  const requestId = at === -1 ? undefined : segments[at + 1];
  if (requestId === undefined) return { kind: 'endpoint', endpointId: segments.join('/') };
  const action = ACTIONS[segments.slice(at + 2).join('/')];
  return action === undefined
    ? { kind: 'nothing' }
    : { kind: 'job', app: segments.slice(0, appLength).join('/'), requestId, action };
}

/** `[namespace/]owner/app` of an endpoint id. */
export function appOf(endpointId: string): string {
  const segments = endpointId.split('/');
  return segments.slice(0, appLengthOf(segments)).join('/');
}

function appLengthOf(segments: readonly string[]): number {
  return NAMESPACES.has(segments[0] ?? '') ? 3 : 2;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** What an endpoint id names in this world. */
export type Target =
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint; readonly mode: Exclude<JobMode, 'queue'> }
  /** The app exists, the path in it does not. */
  | { readonly kind: 'no-path'; readonly path: string }
  | { readonly kind: 'no-app'; readonly app: string };

/** Looks an endpoint up; `…/stream` is the streaming path of an endpoint that has one. */
export function targetOf(world: World, endpointId: string): Target {
  const exact = offered(world, endpointId);
  if (exact !== undefined) return { kind: 'endpoint', endpoint: exact, mode: 'run' };
  const streamed = endpointId.endsWith('/stream')
    ? offered(world, endpointId.slice(0, -'/stream'.length))
    : undefined;
  if (streamed !== undefined && streamed.streams !== false) {
    return { kind: 'endpoint', endpoint: streamed, mode: 'stream' };
  }
  return nowhere(world, endpointId);
}

/** Looks up the `…/realtime` path of an endpoint that has one; a socket can be opened nowhere else. */
export function socketTargetOf(world: World, endpointId: string): Target {
  const endpoint = endpointId.endsWith('/realtime')
    ? offered(world, endpointId.slice(0, -'/realtime'.length))
    : undefined;
  return endpoint === undefined || endpoint.hasRealtime === false
    ? nowhere(world, endpointId)
    : { kind: 'endpoint', endpoint, mode: 'realtime' };
}

function nowhere(world: World, endpointId: string): Target {
  const app = appOf(endpointId);
  const isKnownApp = allOffered(world).some(({ id }) => appOf(id) === app);
  return isKnownApp
    ? { kind: 'no-path', path: endpointId.slice(app.length) || '/' }
    : { kind: 'no-app', app: app.slice(app.lastIndexOf('/') + 1) };
}

/** Whether the caller wants to open a WebSocket (RFC 6455, section 4.2.1). */
export function asksForSocket(request: SimulatedRequest): boolean {
  return request.method === 'GET' && request.headers.get('upgrade')?.toLowerCase() === 'websocket';
}

/** Whether the caller says "yes" in a header that fal reads as a switch: `1`, `true`, `yes`. */
export function isSwitchedOn(request: SimulatedRequest, header: string): boolean {
  return ['1', 'true', 'yes'].includes(request.headers.get(header)?.toLowerCase() ?? '');
}
