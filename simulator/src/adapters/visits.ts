/** One request under way: its signal aborts when the caller leaves or the simulator closes. */
export interface Visit {
  readonly signal: AbortSignal;
  /** Rejects when the signal aborts, never resolves. */
  readonly broken: Promise<never>;
  /** The caller left. */
  leave(reason: unknown): void;
  /** The answer is complete: nothing can break any more. */
  finish(): void;
}

/** All requests under way, so that closing the simulator ends them at once. */
export class Visits {
  readonly #open = new Set<Visit>();
  #isClosed = false;

  /** @param caller aborts when the caller gives up. */
  open(caller?: AbortSignal | null): Visit {
    const controller = new AbortController();
    const { signal } = controller;
    const broken = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    // Most requests never race against it any more when it breaks.
    broken.catch(() => undefined);
    const onCallerAbort = (): void => visit.leave(caller?.reason);
    const visit: Visit = {
      signal,
      broken,
      leave: (reason) => {
        visit.finish();
        controller.abort(reason);
      },
      finish: () => {
        this.#open.delete(visit);
        caller?.removeEventListener('abort', onCallerAbort);
      },
    };
    this.#open.add(visit);
    caller?.addEventListener('abort', onCallerAbort, { once: true });
    if (caller?.aborted === true) onCallerAbort();
    if (this.#isClosed) visit.leave(connectionReset());
    return visit;
  }

  /** Breaks every open request, and each one that comes later. */
  close(): void {
    this.#isClosed = true;
    for (const visit of [...this.#open]) visit.leave(connectionReset());
  }
}

/** What Node's `fetch` rejects with when the peer resets the connection. */
export function connectionReset(): TypeError {
  return networkError('ECONNRESET', 'read ECONNRESET');
}

/** What Node's `fetch` rejects with when a host name does not resolve. */
export function hostNotFound(host: string): TypeError {
  return networkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`);
}

/** What reading a body of Node's `fetch` rejects with when the connection breaks in the middle. */
export function terminated(): TypeError {
  const cause = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
  return new TypeError('terminated', { cause });
}

function networkError(code: string, message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}
