/** What a single HTTP exchange with fal was for. */
export type AttemptStep =
  | 'run'
  | 'stream'
  | 'submit'
  | 'status'
  | 'status_stream'
  | 'result'
  | 'cancel'
  | 'token'
  | 'upload'
  | 'other';

/** One HTTP exchange inside a request; a repeated one is the second attempt. Times are monotonic seconds. */
export interface Attempt {
  readonly step: AttemptStep;
  readonly host: string;
  readonly startedAt: number;
  /** Response headers arrived, or the exchange failed. */
  readonly endedAt: number;
  readonly status?: number | undefined;
  /** Instead of a status when the transport failed; `aborted` when the caller gave up. */
  readonly networkCode?: string | undefined;
  readonly requestId?: string | undefined;
  /** Header `X-Fal-Billable-Units`, as sent. */
  readonly billableUnits?: string | undefined;
  /** Header `X-Fal-Error-Type`. */
  readonly errorType?: string | undefined;
  /** Header `X-Fal-Request-Timeout-Type`. */
  readonly timeoutType?: string | undefined;
  /** Header `X-Fal-Served-From`: the runner; a change may mean a fallback. */
  readonly servedFrom?: string | undefined;
  /** Header `Content-Type`. */
  readonly contentType?: string | undefined;
}

/** Failures before a single byte of the request could leave: nothing can have been created, or billed. */
const NEVER_SENT: ReadonlySet<string | undefined> = new Set([
  ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether fal may have taken the request: it was answered well, or its connection failed after it was sent. */
export function mayHaveArrived({ status, networkCode }: Pick<Attempt, 'status' | 'networkCode'>): boolean {
  return status === undefined ? !NEVER_SENT.has(networkCode) : status < 400;
}

/** The parts of a URL that tell what an exchange is for. A `URL` is one. */
export interface Target {
  readonly host: string;
  readonly hostname: string;
  readonly pathname: string;
}

const ABSOLUTE = /^https?:\/\/(?:[^/?#@]*@)?(([^/?#:]+)(?::\d+)?)([^?#]*)/i;

/**
 * The target of a fetch. What the client calls is plain enough for an expression, at a tenth of the cost of a `URL`;
 * anything else goes through `URL`, which throws for what fetch will refuse as well.
 */
export function targetOf(input: string | URL | { readonly url: string }): Target {
  if (input instanceof URL) return input;
  const text = typeof input === 'string' ? input : input.url;
  const [, host, hostname, pathname] = ABSOLUTE.exec(text) ?? [];
  if (host === undefined || hostname === undefined || pathname === undefined) return new URL(text);
  return { host, hostname: hostname.toLowerCase(), pathname: pathname === '' ? '/' : pathname };
}

const QUEUE_STEPS: readonly (readonly [RegExp, AttemptStep])[] = [
  [/\/requests\/[^/]+\/status\/stream\/?$/, 'status_stream'],
  [/\/requests\/[^/]+\/status\/?$/, 'status'],
  [/\/requests\/[^/]+\/cancel\/?$/, 'cancel'],
  [/\/requests\/[^/]+(\/response)?\/?$/, 'result'],
];

/**
 * What an exchange is for, from its method, host and path. Hosts are matched by their first label, so that
 * fal's backup domains (`falrun.com`) and a local simulator read the same.
 */
export function attemptStepOf(method: string, { hostname, pathname }: Target): AttemptStep {
  const verb = method.toUpperCase();
  if (hostname.startsWith('queue.')) return queueStep(verb, pathname);
  if (hostname.startsWith('rest.')) return restStep(pathname);
  if (hostname.endsWith('fal.media')) return verb === 'PUT' ? 'upload' : 'other';
  if (hostname === 'fal.run' || hostname === 'falrun.com')
    return pathname.endsWith('/stream') ? 'stream' : 'run';
  return 'other';
}

function queueStep(verb: string, path: string): AttemptStep {
  const step = QUEUE_STEPS.find(([pattern]) => pattern.test(path))?.[1];
  return step ?? (verb === 'POST' ? 'submit' : 'other');
}

function restStep(path: string): AttemptStep {
  if (path.startsWith('/tokens')) return 'token';
  return path.startsWith('/storage/upload') ? 'upload' : 'other';
}
