import { errorReply } from '../errors/error-reply.ts';
import { type JobOrder, type LiveJob, whenJob } from '../jobs/live-job.ts';
import type { HostHandler, Reply, SimulatedRequest } from '../reply.ts';
import { type RealtimeHostParts, openRealtime } from '../realtime/realtime-host.ts';
import { addressOf, asksForSocket } from './address.ts';
import { type ModelHostParts, admit, methodNotAllowed, nothingHere } from './admission.ts';
import { resultReply, withUnits } from './answers.ts';
import { modelEvents } from './model-events.ts';

/** `fal.run`: direct calls, model streams and realtime sockets. No queue, no retry by the platform. */
export function createRunHost(parts: RealtimeHostParts): HostHandler {
  return (request) => {
    const address = addressOf(request.path);
    if (address.kind !== 'endpoint') return nothingHere(request.path);
    if (asksForSocket(request)) return openRealtime(parts, request, address.endpointId);
    if (request.method !== 'POST' && request.method !== 'GET') return methodNotAllowed('GET, POST');
    const admission = admit(parts, request, address.endpointId, 'direct');
    return admission.reply ?? call(parts, request, admission.order);
  };
}

async function call(parts: ModelHostParts, request: SimulatedRequest, order: JobOrder): Promise<Reply> {
  const { engine, desk } = parts;
  if (!desk.hasSlot(order.account)) return errorReply('concurrent_requests_limit');
  const job = desk.open(engine.newRequestId(), order);
  const isStream = order.mode === 'stream';
  // A stream answers as soon as its run is under way and will not fail; everything else answers at the end.
  const canAnswer = (): boolean => job.state === 'COMPLETED' || (isStream && willSucceed(job));
  await whenJob(job, canAnswer, request.signal);
  if (!canAnswer()) {
    desk.disconnect(job, engine.switches.disconnectsAreBilled);
    return { kind: 'hang', after: 'nothing' };
  }
  if (isStream && job.state !== 'COMPLETED') return streamReply(parts, request, job);
  job.record.resultFetchedAt = engine.clock.now();
  return resultReply(request, job, engine.switches);
}

function willSucceed(job: LiveJob): boolean {
  return job.run !== undefined && job.run.failure === undefined;
}

function streamReply(parts: ModelHostParts, request: SimulatedRequest, job: LiveJob): Reply {
  const { engine, desk } = parts;
  const units = { 'x-fal-billable-units': String(job.order.endpoint.unitsPerRequest) };
  const events = modelEvents(job, engine.clock, request, () =>
    desk.disconnect(job, engine.switches.disconnectsAreBilled),
  );
  return {
    kind: 'http',
    status: 200,
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-fal-request-id': job.record.requestId,
      'x-fal-served-from': job.run?.runner.id ?? '',
      ...withUnits(units, engine.switches.unitsHeader),
    },
    body: events,
  };
}
