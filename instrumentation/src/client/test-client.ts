import { createFalClient } from '@fal-ai/client';
import type { FalClient } from '@fal-ai/client';
import type { DiagLogger } from '@opentelemetry/api';
import { Recorder } from '../conformance/recorded.ts';
import { FalTelemetry, type TelemetrySurroundings } from '../telemetry.ts';
import type { FalTelemetryConfig } from '../types.ts';
import { wrapClient } from './instrument-client.ts';
import { withObservedFetch } from './observed-fetch.ts';

/** As a plain text, so that the client's types let any input be given. */
export const ENDPOINT = 'fal-ai/flux/dev' as string;

/** One exchange that reached the scripted fal. */
export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly signal: AbortSignal | undefined;
}

/** What the scripted fal does with an exchange: answers it, or breaks it by throwing. */
export type Script = (sent: Sent) => Response | Promise<Response>;

export interface ScriptedFal {
  readonly fetch: typeof fetch;
  readonly sent: Sent[];
}

/** For tests: a fetch that answers as the script says and keeps what it was asked. */
export function scriptedFal(script: Script = wellBehaved()): ScriptedFal {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (input, init) => {
      const exchange = {
        method: init?.method ?? 'GET',
        url: new URL(input instanceof Request ? input.url : input),
        body: init?.body,
        signal: init?.signal ?? undefined,
      };
      sent.push(exchange);
      return script(exchange);
    },
  };
}

export function json(body: unknown, init: ResponseInit = {}): Response {
  return Response.json(body, init);
}

/** Server-sent events, one per datum. */
export function events(...data: readonly unknown[]): Response {
  const text = data.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('');
  return new Response(text, {
    headers: { 'content-type': 'text/event-stream', 'x-fal-request-id': 'stream-1' },
  });
}

export const BILLED = { 'x-fal-billable-units': '1.5', 'x-fal-request-id': 'req-1' };

/** Every request succeeds at once; ids count up from `req-1`. */
export function wellBehaved(): Script {
  let submitted = 0;
  return ({ method, url }) => {
    // Of older clients it is `rest.alpha.fal.ai`.
    if (url.hostname.startsWith('rest.')) return uploadPlace(url);
    if (url.hostname.endsWith('fal.media')) return json({});
    if (url.pathname.endsWith('/stream')) return events({ part: 1 }, { part: 2 });
    if (url.pathname.endsWith('/status'))
      return json({ status: 'COMPLETED', metrics: { inference_time: 0.1 } });
    if (url.pathname.endsWith('/cancel')) return json({ status: 'CANCELLATION_REQUESTED' });
    if (method === 'POST' && url.hostname.startsWith('queue.')) {
      submitted += 1;
      return json({ request_id: `req-${submitted}`, queue_position: 0 });
    }
    return json({ images: [] }, { headers: BILLED });
  };
}

function uploadPlace(url: URL): Response {
  if (url.pathname.startsWith('/tokens')) return json('a-token');
  return json({ upload_url: 'https://v3.fal.media/files/put', file_url: 'https://v3.fal.media/files/x.png' });
}

export interface Observed {
  readonly telemetry: FalTelemetry;
  readonly recorder: Recorder;
  /** What was said by diag, each line with its level before it. */
  readonly log: string[];
}

/** For tests: a telemetry that records into a real SDK. */
export function observed(config: FalTelemetryConfig = {}, around: TelemetrySurroundings = {}): Observed {
  const recorder = new Recorder();
  const log: string[] = [];
  const telemetry = new FalTelemetry(config, {
    meterProvider: () => recorder.meterProvider,
    tracerProvider: () => recorder.tracerProvider,
    env: {},
    log: notedLog(log),
    ...around,
  });
  return { telemetry, recorder, log };
}

export function notedLog(log: string[]): DiagLogger {
  const note =
    (level: string) =>
    (message: string): void =>
      void log.push(`${level}: ${message}`);
  const [error, warn, info] = [note('error'), note('warn'), note('info')];
  return { error, warn, info, debug: note('debug'), verbose: note('verbose') };
}

/** For tests: a client of the installed version whose fetch and methods are observed. */
export function observedClient(telemetry: FalTelemetry, fal: ScriptedFal): FalClient {
  const config = { credentials: 'key-id:key-secret', fetch: fal.fetch };
  const client = createFalClient(withObservedFetch(telemetry, config) as typeof config);
  wrapClient(telemetry, client);
  return client;
}

/** For tests: how often each kind of request ended, as `operation outcome`. */
export async function endings(recorder: Recorder): Promise<Record<string, number>> {
  const reading = await recorder.collect();
  return Object.fromEntries(
    reading
      .of('fal.client.requests')
      .map(({ labels, value }) => [`${labels.operation ?? ''} ${labels.outcome ?? ''}`, value] as const),
  );
}

/** For tests: how many requests are in flight. */
export async function inFlight(recorder: Recorder): Promise<number> {
  return (await recorder.collect()).sum('fal.client.active_requests');
}
