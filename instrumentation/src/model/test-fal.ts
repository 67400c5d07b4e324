import type { Books, Logical } from './test-books.ts';

export type Step = 'run' | 'submit' | 'status' | 'result' | 'cancel' | 'upload';
/** What happens to the next exchange of a kind. */
export type Fault = 'refused key' | 'reset' | 'slow' | 'never sent';
export type JobState = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED';

/** What a call asks for; it travels in its input, so that fal does as the command said. */
export interface Wish {
  readonly call: number;
  readonly ends: 'well' | 'refused by the model' | 'fails on the platform' | 'hangs';
  readonly milliUnits: number;
}

interface Job {
  readonly wish: Wish;
  readonly model: string;
  state: JobState;
}

const SLOW_MS = 3000;
const REFUSAL = { detail: [{ type: 'no_media_generated', msg: 'nothing' }] };

/** A fal that answers at once, does what each call wishes, and tells the books what it has said. */
export class PlayedFal {
  readonly jobs = new Map<string, Job>();
  readonly logicals = new Map<number, Logical>();
  readonly #books: Books;
  readonly #faults = new Map<Step, Fault>();
  #exchanges = 0;

  constructor(books: Books) {
    this.#books = books;
  }

  /** That are over, well or not. */
  get exchanges(): number {
    return this.#exchanges;
  }

  /** A job that another process submitted. */
  foreignJob(model: string, wish: Wish): void {
    this.#newJob(model, wish);
  }

  orderFault(step: Step, fault: Fault): void {
    this.#faults.set(step, fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    const step = stepOf(url, init.method);
    const logical = this.#logicalOf(url, init.body);
    this.#books.seen(logical);
    const fault = this.#faults.get(step);
    this.#faults.delete(step);
    try {
      if (fault === 'slow') await delay(SLOW_MS, init.signal);
      init.signal?.throwIfAborted();
      if (fault === 'reset') throw failed('ECONNRESET');
      if (fault === 'never sent') throw failed('ECONNREFUSED');
      if (fault === 'refused key') return Response.json({ detail: 'Unauthorized' }, { status: 401 });
      return await this.#answer(step, url, init);
    } finally {
      this.#exchanges += 1;
      this.#books.seen(logical);
    }
  };

  #logicalOf(url: URL, body: unknown): Logical {
    const job = jobIdOf(url);
    if (job !== undefined) return this.#books.askedAbout(job, this.#job(job).model);
    const call = /call-(\d+)/.exec(url.pathname + (typeof body === 'string' ? body : ''))?.[1];
    return this.#logical(Number(call ?? wishOf(body).call));
  }

  #logical(call: number): Logical {
    const logical = this.logicals.get(call);
    if (logical === undefined) throw new Error(`an exchange of no known call: ${call}`);
    return logical;
  }

  #job(id: string): Job {
    const job = this.jobs.get(id);
    if (job === undefined) throw new Error(`an exchange about no known job: ${id}`);
    return job;
  }

  #answer(step: Step, url: URL, init: RequestInit): Response | Promise<Response> {
    switch (step) {
      case 'run': {
        const wish = wishOf(init.body);
        return wish.ends === 'hangs' ? never(init.signal) : this.#outcome(wish, this.#logical(wish.call));
      }
      case 'submit': {
        const wish = wishOf(init.body);
        if (wish.ends === 'hangs') return Response.json(REFUSAL, { status: 422 });
        const id = this.#newJob(url.pathname.slice(1), wish);
        this.#books.accepted(id, this.#logical(wish.call));
        return Response.json({ request_id: id, queue_position: 0 });
      }
      case 'upload':
        return Response.json({
          upload_url: `https://v3.fal.media/${callOf(init.body)}`,
          file_url: 'https://x.y/z',
        });
      default:
        return this.#aboutJob(step, url);
    }
  }

  #aboutJob(step: Step, url: URL): Response {
    const id = jobIdOf(url) ?? '';
    const { state, wish, model } = this.#job(id);
    const logical = this.#books.askedAbout(id, model);
    if (step === 'status') {
      const error = state === 'COMPLETED' ? errorTypeOf(wish) : undefined;
      return Response.json({ status: state, ...(error === undefined ? {} : { error, error_type: error }) });
    }
    if (step === 'cancel')
      return Response.json({ status: state }, { status: state === 'COMPLETED' ? 400 : 202 });
    if (state === 'COMPLETED') return this.#outcome(wish, logical);
    return Response.json({ detail: 'Request is still in progress' }, { status: 400 });
  }

  #newJob(model: string, wish: Wish): string {
    const id = `job-${this.jobs.size}`;
    this.jobs.set(id, { wish, model, state: 'IN_QUEUE' });
    return id;
  }

  /** The answer of a model, billed also when it refuses. */
  #outcome(wish: Wish, logical: Logical): Response {
    if (wish.ends === 'fails on the platform') {
      const body = { detail: 'x', error_type: 'runner_disconnected' };
      return Response.json(body, { status: 500 });
    }
    const headers: Record<string, string> = {};
    if (wish.milliUnits > 0) {
      headers['x-fal-billable-units'] = String(wish.milliUnits / 1000);
      logical.milliUnits ??= wish.milliUnits;
    }
    return wish.ends === 'refused by the model'
      ? Response.json(REFUSAL, { status: 422, headers })
      : Response.json({ images: [] }, { headers });
  }
}

function stepOf(url: URL, method = 'GET'): Step {
  if (!url.hostname.endsWith('fal.run')) return 'upload';
  if (url.hostname === 'fal.run') return 'run';
  if (url.pathname.endsWith('/status')) return 'status';
  if (url.pathname.endsWith('/cancel')) return 'cancel';
  return method === 'POST' ? 'submit' : 'result';
}

function jobIdOf(url: URL): string | undefined {
  return /\/requests\/([^/]+)/.exec(url.pathname)?.[1];
}

function wishOf(body: unknown): Wish {
  return JSON.parse(String(body)) as Wish;
}

function callOf(body: unknown): string {
  return /call-\d+/.exec(typeof body === 'string' ? body : '')?.[0] ?? 'put';
}

function errorTypeOf({ ends }: Wish): string | undefined {
  if (ends === 'fails on the platform') return 'runner_disconnected';
  return ends === 'refused by the model' ? 'no_media_generated' : undefined;
}

function failed(code: string): TypeError {
  return new TypeError('fetch failed', { cause: { code } });
}

function never(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

function delay(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
  const waited = new Promise<void>((resolve) => setTimeout(resolve, ms));
  return signal === null || signal === undefined ? waited : Promise.race([waited, never(signal)]);
}
