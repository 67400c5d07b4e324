import { FAKE_API_KEY, type Simulator } from 'fal-simulator';
import type { Desk, Feature } from './errand.ts';
import { DEV, HOUSE_STYLE, KLING, SCHNELL, SDXL, UPSCALER } from './past-world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How long the app waits for pictures, and for videos. */
const PICTURE_PATIENCE_MS = 5 * MINUTE;
const VIDEO_PATIENCE_MS = 10 * MINUTE;

/** Bytes of an upload. */
const PICTURE_BYTES = 20_000;

/** Users who close the page while they wait. */
const IMPATIENT = 0.01;
const IMPATIENT_AFTER_MS = 1500;

/** Videos that nobody comes back for. */
const FORGOTTEN = 0.02;

const STROKE: object = { prompt: 'a lighthouse, quickly' };

const picture = (): Blob => new Blob([new Uint8Array(PICTURE_BYTES)], { type: 'image/png' });

async function draft({ fal, errand }: Desk): Promise<void> {
  await fal.subscribe(SCHNELL, {
    input: { prompt: 'a lighthouse' },
    pollInterval: 500,
    timeout: PICTURE_PATIENCE_MS,
    onEnqueue: (requestId) => (errand.requestId = requestId),
  });
}

async function poster({ fal, clock, random, errand }: Desk): Promise<void> {
  const patience = new AbortController();
  if (random() < IMPATIENT) clock.after(IMPATIENT_AFTER_MS, () => patience.abort());
  await fal.subscribe(DEV, {
    input: { prompt: 'a lighthouse at night' },
    pollInterval: SECOND,
    timeout: PICTURE_PATIENCE_MS,
    abortSignal: patience.signal,
    onEnqueue: (requestId) => (errand.requestId = requestId),
  });
}

async function thumbnail({ fal, errand }: Desk): Promise<void> {
  const { requestId } = await fal.run(SDXL, { input: { prompt: 'a lighthouse, small' } });
  errand.requestId = requestId;
}

async function styled({ fal, errand }: Desk): Promise<void> {
  const { requestId } = await fal.run(HOUSE_STYLE, { input: { prompt: 'a lighthouse, our way' } });
  errand.requestId = requestId;
}

/** One stroke, one picture, and the page is closed. */
async function sketch({ fal, simulator, errand }: Desk): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const connection = fal.realtime.connect<object, object>(SCHNELL, {
    // Sketches of two users must not share a socket.
    connectionKey: String(errand.startedAt),
    tokenProvider: () => realtimeToken(simulator),
    onResult: () => resolve(),
    onError: reject,
  });
  connection.send(STROKE);
  await promise.finally(() => connection.close());
}

/** By the app's own server, as fal asks for it: the page must not know the key. */
async function realtimeToken({ fetch }: Simulator): Promise<string> {
  const response = await fetch('https://rest.fal.ai/tokens/realtime', {
    method: 'POST',
    headers: { authorization: `Key ${FAKE_API_KEY}` },
    body: JSON.stringify({ allowed_apps: [SCHNELL], duration: 120 }),
  });
  return ((await response.json()) as { readonly token: string }).token;
}

async function preview({ fal }: Desk): Promise<void> {
  const stream = await fal.stream(SDXL, { input: { prompt: 'a lighthouse, sketched' } });
  await stream.done();
}

async function trailer({ fal, clock, random, errand }: Desk): Promise<void> {
  const { request_id: requestId } = await fal.queue.submit(KLING, {
    input: { prompt: 'waves around a lighthouse', duration: '5' },
  });
  errand.requestId = requestId;
  const until = clock.now() + VIDEO_PATIENCE_MS;
  while (clock.now() < until) {
    await new Promise<void>((resolve) => void clock.after(10 * SECOND, resolve));
    const { status } = await fal.queue.status(KLING, { requestId });
    if (status !== 'COMPLETED') continue;
    if (random() < FORGOTTEN) return;
    await fal.queue.result(KLING, { requestId });
    return;
  }
  await fal.queue.cancel(KLING, { requestId });
}

async function enlarge({ fal, errand }: Desk): Promise<void> {
  await fal.subscribe(UPSCALER, {
    input: { image_url: picture() },
    pollInterval: 2 * SECOND,
    timeout: PICTURE_PATIENCE_MS,
    onEnqueue: (requestId) => (errand.requestId = requestId),
  });
}

async function keepPicture({ fal }: Desk): Promise<void> {
  await fal.storage.upload(picture());
}

/** What the app does all day. */
export const FEATURES: readonly Feature[] = [
  {
    name: 'draft',
    team: 'search',
    endpointId: SCHNELL,
    operation: 'subscribe',
    everyMs: 9 * SECOND,
    run: draft,
  },
  {
    name: 'poster',
    team: 'studio',
    endpointId: DEV,
    operation: 'subscribe',
    everyMs: 14 * SECOND,
    run: poster,
  },
  {
    name: 'thumbnail',
    team: 'search',
    endpointId: SDXL,
    operation: 'run',
    everyMs: 12 * SECOND,
    run: thumbnail,
  },
  {
    name: 'preview',
    team: 'studio',
    endpointId: SDXL,
    operation: 'stream',
    everyMs: 60 * SECOND,
    run: preview,
  },
  {
    name: 'styled',
    team: 'growth',
    endpointId: HOUSE_STYLE,
    operation: 'run',
    everyMs: 2 * MINUTE,
    run: styled,
  },
  {
    name: 'sketch',
    team: 'search',
    endpointId: SCHNELL,
    operation: 'realtime',
    everyMs: 3 * MINUTE,
    run: sketch,
  },
  {
    name: 'trailer',
    team: 'growth',
    endpointId: KLING,
    operation: 'submit',
    everyMs: 90 * SECOND,
    run: trailer,
  },
  {
    name: 'enlarge',
    team: 'studio',
    endpointId: UPSCALER,
    operation: 'subscribe',
    everyMs: 60 * SECOND,
    run: enlarge,
  },
  {
    name: 'keep',
    team: 'studio',
    endpointId: 'storage',
    operation: 'upload',
    everyMs: 5 * MINUTE,
    run: keepPicture,
  },
];
