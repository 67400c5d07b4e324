import type { Classification } from '../errors/classify.ts';
import type { OpenRequest } from '../request/open-request.ts';
import { endpointIdOf } from '../request/endpoint-id.ts';
import type { FalTelemetry } from '../telemetry.ts';
import { beginAttached, fieldOf } from './direct-calls.ts';
import type { ObservedCall } from './observe-call.ts';
import { type Method, type Wrapper, asWrapperOf } from './patch.ts';

/** Close codes of a WebSocket begin here; what the client reports with a lower status is an error frame. */
const FIRST_CLOSE_CODE = 1000;

/** What the client calls every message that is no result: it is no answer of 400, and says nothing of whose fault it is. */
const MADE_UP_STATUS = 400;

/**
 * `realtime.connect`: counts connections and messages. The client connects with the first message and tells neither
 * when the socket is open nor when the server closes it normally, nor which message a result answers; so a session
 * has an outcome and no duration, and there is no gauge of open connections.
 */
export function connect(telemetry: FalTelemetry): Wrapper {
  return (original) =>
    function (this: unknown, ...args: never[]): unknown {
      const [endpointId, handler, ...rest] = args as unknown[];
      if (!telemetry.isEnabled || typeof handler !== 'object' || handler === null) {
        return Reflect.apply(original, this, args);
      }
      const session = new RealtimeSession(telemetry, endpointId);
      const watched = session.watchedHandler(handler);
      const connection: unknown = Reflect.apply(original, this, [endpointId, watched, ...rest] as never[]);
      telemetry.fence.try('watching a realtime connection', () => session.watch(connection));
      return connection;
    };
}

class RealtimeSession {
  readonly #telemetry: FalTelemetry;
  readonly #endpointId: unknown;
  readonly #label: string;
  #call: ObservedCall | undefined;
  #hasResult = false;
  #lastError: unknown;

  constructor(telemetry: FalTelemetry, endpointId: unknown) {
    this.#telemetry = telemetry;
    this.#endpointId = endpointId;
    this.#label = endpointIdOf(endpointId);
  }

  /** The app's handler with ours before it. It inherits from the app's, so that everything else reads the same. */
  watchedHandler(handler: object): object {
    const { fence } = this.#telemetry;
    const before = (name: string, tell: (value: unknown) => void): PropertyDescriptor => {
      // Read now, as the client does.
      const own = fieldOf(handler, name);
      const value = function (this: unknown, ...args: never[]): unknown {
        fence.try('counting a realtime message', () => tell(args[0]));
        return typeof own === 'function' ? Reflect.apply(own as Method, this, args) : undefined;
      };
      return { enumerable: true, value };
    };
    return Object.create(handler, {
      onResult: before('onResult', () => this.#received()),
      onError: before('onError', (error) => this.#failed(error)),
    }) as object;
  }

  /** Watches what the app does with the connection. */
  watch(connection: unknown): void {
    const holder = connection as Record<string, unknown>;
    const { send, close } = holder;
    // On a server the client may hand out a connection that does nothing: both are the same empty function.
    if (typeof send !== 'function' || typeof close !== 'function' || send === close) return;
    holder.send = this.#before(send as Method, () => this.#sent());
    holder.close = this.#before(close as Method, () => this.#closed());
  }

  #before(original: Method, tell: () => void): Method {
    const fence = this.#telemetry.fence;
    return asWrapperOf(original, function (this: unknown, ...args: never[]): unknown {
      fence.try('counting a realtime message', tell);
      return Reflect.apply(original, this, args);
    });
  }

  #sent(): void {
    if (this.#call === undefined) {
      this.#call = beginAttached(this.#telemetry, 'realtime', this.#endpointId);
      if (this.#call === undefined) return;
      this.#hasResult = false;
      this.#lastError = undefined;
      this.#telemetry.metrics.realtimeConnected(this.#label);
    }
    this.#telemetry.metrics.realtimeMessage(this.#label, 'sent');
  }

  #received(): void {
    this.#hasResult = true;
    this.#telemetry.metrics.realtimeMessage(this.#label, 'received');
  }

  #failed(error: unknown): void {
    this.#lastError = error;
    const status = fieldOf(error, 'status');
    if (typeof status !== 'number' || status < FIRST_CLOSE_CODE) return;
    this.#end((request) => {
      request.failAs({
        errorType: 'network_error',
        fault: 'network',
        outcome: 'error',
        networkCode: `WS_${status}`,
      });
    }, error);
  }

  /** The app closes: well when it got anything, or when nothing was wrong. */
  #closed(): void {
    const error = this.#hasResult ? undefined : this.#lastError;
    this.#end((request) => {
      if (error === undefined) request.finish();
      else if (fieldOf(error, 'status') === MADE_UP_STATUS) request.failAs(ofMessage(error));
      else request.fail(error);
    }, error);
  }

  #end(end: (request: OpenRequest) => void, error: unknown): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    end(call.request);
    call.span?.end(call.request, { error, isWhole: true });
  }
}

/** A message that could not be read, or one of fal's that something failed; those have no types. */
function ofMessage(error: unknown): Classification {
  const errorType = fieldOf(error, 'body') === undefined ? 'invalid_json' : '_OTHER';
  return { errorType, fault: 'unknown', outcome: 'error' };
}
