import type { Operation } from '../request/operation.ts';
import type { Step } from 'fal-simulator';
import { pause } from './passing-time.ts';
import { IMAGE_MODEL, type Stage, VIDEO_MODEL } from './stage.ts';

/** A chain of calls that an app makes for one logical request. */
export interface Chain {
  readonly name: string;
  /** What the request is counted as. */
  readonly operation: Operation;
  readonly endpointId: string;
  /** What goes over the wire when all is well, in this order. */
  readonly steps: readonly Step[];
  /** One call spans the whole request. */
  readonly isAttached: boolean;
  /** Pause between two looks at the job, in ms; 0 where fal tells every change. */
  readonly pollMs?: number | undefined;
  readonly play: (stage: Stage) => Promise<unknown>;
}

const POLL_MS = 500;
const INPUT = { prompt: 'a lighthouse' };
const image = (): string => new Blob(['not really a picture'], { type: 'image/png' }) as unknown as string;

function subscribe(options: object): Chain['play'] {
  return ({ fal, caller }) =>
    caller.watch('subscribe', () =>
      fal.subscribe(IMAGE_MODEL, {
        input: INPUT,
        onEnqueue: (requestId) => caller.note('enqueued', requestId),
        onQueueUpdate: (update) => caller.note('update', update),
        ...options,
      }),
    );
}

async function submit({ fal, caller }: Stage, endpointId: string = IMAGE_MODEL): Promise<string> {
  const answer = await caller.watch('submit', () => fal.queue.submit(endpointId, { input: INPUT }));
  const requestId = (answer as { request_id?: string } | null)?.request_id;
  if (requestId !== undefined) return requestId;
  caller.note('no request id');
  throw new Error('fal gave no request id');
}

async function result({ fal, caller }: Stage, requestId: string): Promise<unknown> {
  return caller.watch('result', () => fal.queue.result(IMAGE_MODEL, { requestId }));
}

async function statusUntil(stage: Stage, requestId: string, wanted: string): Promise<void> {
  const { fal, caller } = stage;
  for (;;) {
    const answer = await caller.watch('status', () => fal.queue.status(IMAGE_MODEL, { requestId }));
    if ((answer as { status: string } | null)?.status === wanted) return;
    await pause(POLL_MS);
  }
}

async function watchStream({ fal, caller }: Stage, connectionMode: 'server' | 'client'): Promise<unknown> {
  const opened = caller.watch('stream', () => fal.stream(IMAGE_MODEL, { input: INPUT, connectionMode }));
  const stream = await opened;
  for (const event of ['data', 'error', 'done'] as const) {
    stream.on(event, (value: unknown) => caller.note(`stream ${event}`, value));
  }
  return caller.watch('stream is done', () => stream.done());
}

const SUBSCRIBED = { operation: 'subscribe', endpointId: IMAGE_MODEL, isAttached: true } as const;
const SUBMITTED = { operation: 'submit', endpointId: IMAGE_MODEL, isAttached: false } as const;

/** Every method of the client, in the ways that apps use it. */
export const CHAINS: readonly Chain[] = [
  {
    name: 'run',
    operation: 'run',
    endpointId: IMAGE_MODEL,
    isAttached: true,
    steps: ['run'],
    play: ({ fal, caller }: Stage): Promise<unknown> =>
      caller.watch('run', () => fal.run(IMAGE_MODEL, { input: INPUT })),
  },
  {
    name: 'run with a file',
    operation: 'run',
    endpointId: IMAGE_MODEL,
    isAttached: true,
    steps: ['upload', 'media', 'run'],
    play: ({ fal, caller }: Stage): Promise<unknown> =>
      caller.watch('run', () => fal.run(IMAGE_MODEL, { input: { ...INPUT, image_url: image() } as never })),
  },
  {
    name: 'subscribe',
    ...SUBSCRIBED,
    steps: ['submit', 'status', 'result'],
    pollMs: POLL_MS,
    play: subscribe({}),
  },
  {
    name: 'subscribe by streaming',
    ...SUBSCRIBED,
    steps: ['submit', 'status-stream', 'result'],
    play: subscribe({ mode: 'streaming' }),
  },
  {
    name: 'subscribe with a file',
    ...SUBSCRIBED,
    steps: ['upload', 'media', 'submit', 'status', 'result'],
    pollMs: 2000,
    play: (stage: Stage): Promise<unknown> =>
      subscribe({ input: { ...INPUT, image_url: image() }, pollInterval: 2000, logs: true })(stage),
  },
  {
    name: 'submit, status, result',
    ...SUBMITTED,
    steps: ['submit', 'status', 'result'],
    pollMs: POLL_MS,
    play: async (stage: Stage): Promise<unknown> => {
      const requestId = await submit(stage);
      await statusUntil(stage, requestId, 'COMPLETED');
      return result(stage, requestId);
    },
  },
  {
    name: 'submit, subscribeToStatus, result',
    ...SUBMITTED,
    steps: ['submit', 'status', 'result'],
    pollMs: POLL_MS,
    play: async (stage: Stage): Promise<unknown> => {
      const { fal, caller } = stage;
      const requestId = await submit(stage);
      await caller.watch('subscribeToStatus', () =>
        fal.queue.subscribeToStatus(IMAGE_MODEL, {
          requestId,
          onQueueUpdate: (update) => caller.note('update', update),
        }),
      );
      return result(stage, requestId);
    },
  },
  {
    name: 'submit, streamStatus, result',
    ...SUBMITTED,
    steps: ['submit', 'status-stream', 'result'],
    play: async (stage: Stage): Promise<unknown> => {
      const { fal, caller } = stage;
      const requestId = await submit(stage);
      const stream = await caller.watch('streamStatus', () =>
        fal.queue.streamStatus(IMAGE_MODEL, { requestId }),
      );
      stream.on('data', (update: unknown) => caller.note('update', update));
      await caller.watch('streamStatus is done', () => stream.done());
      return result(stage, requestId);
    },
  },
  {
    name: 'stream',
    operation: 'stream',
    endpointId: IMAGE_MODEL,
    isAttached: true,
    steps: ['stream'],
    play: (stage: Stage): Promise<unknown> => watchStream(stage, 'server'),
  },
  {
    name: 'stream in client mode',
    operation: 'stream',
    endpointId: IMAGE_MODEL,
    isAttached: true,
    steps: ['token', 'stream'],
    play: (stage: Stage): Promise<unknown> => watchStream(stage, 'client'),
  },
  {
    name: 'upload',
    operation: 'upload',
    endpointId: 'storage',
    isAttached: true,
    steps: ['upload', 'media'],
    play: ({ fal, caller }: Stage): Promise<unknown> =>
      caller.watch('upload', () => fal.storage.upload(image() as unknown as Blob)),
  },
  {
    name: 'cancel while it waits',
    ...SUBMITTED,
    steps: ['submit', 'cancel'],
    play: async (stage: Stage): Promise<unknown> => {
      const requestId = await submit(stage);
      return stage.caller.watch('cancel', () => stage.fal.queue.cancel(IMAGE_MODEL, { requestId }));
    },
  },
  {
    name: 'cancel while it runs on',
    operation: 'submit',
    endpointId: VIDEO_MODEL,
    isAttached: false,
    steps: ['submit', 'cancel'],
    play: async (stage: Stage): Promise<unknown> => {
      const requestId = await submit(stage, VIDEO_MODEL);
      await pause(5000);
      return stage.caller.watch('cancel', () => stage.fal.queue.cancel(VIDEO_MODEL, { requestId }));
    },
  },
];

/** The chain of that name. */
export function chainNamed(name: string): Chain {
  const found = CHAINS.find((chain) => chain.name === name);
  if (found === undefined) throw new Error(`there is no chain ${name}`);
  return found;
}
