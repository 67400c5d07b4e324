import { isRefusal } from '../engine.ts';
import { errorReply } from '../errors/error-reply.ts';
import { positionOf } from '../jobs/endpoint-work.ts';
import type { Dispatcher } from '../jobs/dispatcher.ts';
import { type LiveJob, whenJob } from '../jobs/live-job.ts';
import { logsOf } from '../jobs/logs.ts';
import { submitFingerprint } from '../jobs/lost-submits.ts';
import { type HostHandler, type HttpReply, type Reply, type SimulatedRequest, json } from '../reply.ts';
import { type Address, type JobAction, addressOf, appOf } from './address.ts';
import { type ModelHostParts, admit, methodNotAllowed, nothingHere } from './admission.ts';
import { jobUrls, resultReply, statusBody } from './answers.ts';
import type { WebhookDesk } from '../webhooks/webhook-desk.ts';
import { statusEvents } from './status-events.ts';

export interface QueueHostParts extends ModelHostParts {
  readonly dispatcher: Dispatcher;
  readonly webhooks: WebhookDesk;
}

const METHOD_OF: Readonly<Record<JobAction, string>> = {
  status: 'GET',
  'status-stream': 'GET',
  result: 'GET',
  cancel: 'PUT',
};

/** `queue.fal.run`: submit, status, status stream, result, cancel. */
export function createQueueHost(parts: QueueHostParts): HostHandler {
  return (request) => {
    const address = addressOf(request.path);
    switch (address.kind) {
      case 'nothing':
        return nothingHere(request.path);
      case 'endpoint':
        return request.method === 'POST'
          ? submit(parts, request, address.endpointId)
          : methodNotAllowed('POST');
      case 'job': {
        const method = METHOD_OF[address.action];
        return request.method === method ? onJob(parts, request, address) : methodNotAllowed(method);
      }
    }
  };
}

function submit(parts: QueueHostParts, request: SimulatedRequest, endpointId: string): HttpReply {
  const { engine, desk, dispatcher, lostSubmits, webhooks } = parts;
  const admission = admit(parts, request, endpointId, 'queue');
  if (admission.reply !== undefined) return admission.reply;
  const { order } = admission;
  const waiting = dispatcher.work(order.endpoint).queue.length + order.endpoint.foreignQueue;
  const longest = longestQueue(request);
  const webhookUrl = webhookUrlOf(request);
  if (longest === 'invalid' || webhookUrl === 'invalid') return errorReply('bad_request');
  if (waiting > longest) return json(429, { detail: 'Queue length limit exceeded' });
  const requestId = engine.newRequestId();
  const fingerprint = submitFingerprint(order.keyId, endpointId, request.body);
  const duplicateOf = lostSubmits.note(fingerprint, requestId, engine.clock.now());
  const job = desk.open(requestId, { ...order, duplicateOf });
  if (webhookUrl !== undefined) webhooks.expect(job, webhookUrl, { reachedThrough: request.reachedThrough });
  const gateway = webhookUrl === undefined ? {} : { gateway_request_id: requestId };
  return json(
    200,
    {
      status: 'IN_QUEUE',
      request_id: requestId,
      ...gateway,
      queue_position: waiting,
      ...jobUrls(request, job),
    },
    { 'x-fal-request-id': requestId },
  );
}

/**
 * `fal_webhook`: where the outcome is to be sent. fal refuses private addresses when it delivers; here they are what
 * one wants. What fal says to an address that is none is not documented.
 */
function webhookUrlOf(request: SimulatedRequest): URL | undefined | 'invalid' {
  const text = request.query.get('fal_webhook');
  if (text === null) return undefined;
  const url = URL.parse(text);
  const isUsable = url?.protocol === 'http:' || url?.protocol === 'https:';
  return url !== null && isUsable && url.username === '' && url.password === '' ? url : 'invalid';
}

/** `fal_max_queue_length`: refuse rather than wait behind more than this many requests of all callers. */
function longestQueue(request: SimulatedRequest): number | 'invalid' {
  const text = request.query.get('fal_max_queue_length');
  if (text === null) return Infinity;
  return /^\d+$/.test(text) ? Number(text) : 'invalid';
}

function onJob(
  parts: QueueHostParts,
  request: SimulatedRequest,
  address: Address & { kind: 'job' },
): Reply | Promise<Reply> {
  const { engine, desk } = parts;
  const caller = engine.authenticate(request, { scope: 'API' });
  if (isRefusal(caller)) {
    // Without any key fal still says of an unknown id that there is no such request.
    const isUnknown = desk.endpointOf(address.requestId) === undefined;
    return isUnknown && !request.headers.has('authorization') ? noSuchRequest() : caller;
  }
  if (caller.account.lockRefusesReads) {
    const lock = engine.refuseLocked(caller.account);
    if (lock !== undefined) return lock;
  }
  const job = desk.find(address.requestId, caller.account);
  if (job === undefined || appOf(job.record.endpointId) !== address.app) return noSuchRequest();
  switch (address.action) {
    case 'cancel':
      return cancel(parts, job);
    case 'result':
      return result(parts, request, job);
    case 'status':
      return status(parts, request, job);
    case 'status-stream':
      return statusStream(parts, request, job);
  }
}

function noSuchRequest(): HttpReply {
  return json(404, { status: 'NOT_FOUND' });
}

/** Source of statuses and bodies: https://fal.ai/docs/documentation/model-apis/inference/queue. */
function cancel(parts: QueueHostParts, job: LiveJob): HttpReply {
  const headers = { 'x-fal-request-id': job.record.requestId };
  return parts.desk.cancel(job)
    ? json(202, { status: 'CANCELLATION_REQUESTED' }, headers)
    : json(400, { status: 'ALREADY_COMPLETED' }, headers);
}

/** A result that is fetched too early is refused; fal does not document how, the text is one that clients know. */
function result(parts: QueueHostParts, request: SimulatedRequest, job: LiveJob): HttpReply {
  if (job.state !== 'COMPLETED') {
    return json(
      400,
      { detail: 'Request is still in progress' },
      { 'x-fal-request-id': job.record.requestId },
    );
  }
  job.record.resultFetchedAt ??= parts.engine.clock.now();
  return resultReply(request, job, parts.engine.switches);
}

async function status(parts: QueueHostParts, request: SimulatedRequest, job: LiveJob): Promise<Reply> {
  await waitWhileHidden(parts, request, job);
  const body = statusBody(request, job, viewOf(parts, request, job));
  return json(job.state === 'COMPLETED' ? 200 : 202, body, { 'x-fal-request-id': job.record.requestId });
}

async function statusStream(parts: QueueHostParts, request: SimulatedRequest, job: LiveJob): Promise<Reply> {
  await waitWhileHidden(parts, request, job);
  const headers = {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    'x-fal-request-id': job.record.requestId,
  };
  const events = statusEvents(job, request, () => viewOf(parts, request, job));
  return { kind: 'http', status: 200, headers, body: events };
}

async function waitWhileHidden(
  parts: QueueHostParts,
  request: SimulatedRequest,
  job: LiveJob,
): Promise<void> {
  if (!parts.engine.switches.statusSkipsStates) return;
  await whenJob(job, () => job.state === 'COMPLETED', request.signal);
}

function viewOf(
  parts: QueueHostParts,
  request: SimulatedRequest,
  job: LiveJob,
): Parameters<typeof statusBody>[2] {
  const { engine, dispatcher } = parts;
  const wantsLogs = ['1', 'true'].includes(request.query.get('logs') ?? '');
  return {
    position: positionOf(dispatcher.work(job.servedBy), job),
    logs: wantsLogs ? logsOf(job, engine.clock.now()) : null,
    metrics: engine.switches.statusMetrics,
  };
}
