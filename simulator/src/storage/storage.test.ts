import { createFalClient } from '@fal-ai/client';
import { expect, test } from 'vitest';
import { createSimulator } from '../create-simulator.ts';
import { DEFAULT_ACCOUNT, FAKE_API_KEY } from '../default-world.ts';
import type { Simulator } from '../simulator.ts';
import { VirtualClock } from '../virtual-clock.ts';

const MEBIBYTE = 1024 * 1024;
const AUTHORIZED = { authorization: `Key ${FAKE_API_KEY}` };

function started(): { simulator: Simulator; clock: VirtualClock } {
  const clock = new VirtualClock();
  return { clock, simulator: createSimulator({ clock }) };
}

/** Bytes that repeat with a period no part size divides, so that swapped parts would be noticed. */
function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => index % 251);
}

interface Initiated {
  readonly upload_url: string;
  readonly file_url: string;
}

async function initiate(
  simulator: Simulator,
  { multipart = false, headers = {} }: { multipart?: boolean; headers?: Record<string, string> } = {},
): Promise<Initiated> {
  const kind = multipart ? 'initiate-multipart' : 'initiate';
  const response = await simulator.fetch(
    `https://rest.fal.ai/storage/upload/${kind}?storage_type=fal-cdn-v3`,
    {
      method: 'POST',
      headers: { ...AUTHORIZED, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ content_type: 'image/png', file_name: '../a b.png' }),
    },
  );
  expect(response.status).toBe(200);
  return (await response.json()) as Initiated;
}

test('the real client uploads a file, and the CDN hands out the same bytes to anybody', async () => {
  const { simulator } = started();
  const client = createFalClient({ credentials: FAKE_API_KEY, fetch: simulator.fetch });
  const bytes = bytesOf(100_000);
  const url = await client.storage.upload(new File([bytes], 'photo.png', { type: 'image/png' }));
  expect(url).toMatch(/^https:\/\/v3\.fal\.media\/files\/.+_photo\.png$/);
  const response = await simulator.fetch(url);
  expect(response.headers.get('content-type')).toBe('image/png');
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
});

test('the real client uploads a file above 90 MB in parts, and they come back as one', async () => {
  const { simulator } = started();
  const client = createFalClient({ credentials: FAKE_API_KEY, fetch: simulator.fetch });
  const bytes = new Uint8Array(90 * MEBIBYTE + 12_345);
  for (let index = 0; index < bytes.byteLength; index += 4099) bytes[index] = index % 251;
  const url = await client.storage.upload(new File([bytes], 'film.mp4', { type: 'video/mp4' }));
  const parts = simulator.ledger.exchanges.filter(({ method }) => method === 'PUT');
  expect(parts).toHaveLength(10);
  const stored = Buffer.from(await (await simulator.fetch(url)).arrayBuffer());
  expect(stored.equals(bytes)).toBe(true);
});

test('a part that is lost twice is sent again by the real client, and one lost three times fails the upload', async () => {
  const { simulator } = started();
  const client = createFalClient({ credentials: FAKE_API_KEY, fetch: simulator.fetch });
  // The client decides by the size that a file claims, and sends as many parts as that takes.
  const file = Object.defineProperty(new File(['x'], 'film.mp4'), 'size', { value: 91 * MEBIBYTE });
  simulator.engine.breakWire({ fault: 'reset', steps: ['media'], times: 2 });
  const url = await client.storage.upload(file);
  const answers = (): unknown[] =>
    simulator.ledger.exchanges.filter(({ method }) => method === 'PUT').map(({ answer }) => answer);
  expect(answers()).toEqual(['reset', 'reset', ...Array.from({ length: 10 }, () => 200)]);
  expect(await (await simulator.fetch(url)).text()).toBe('x');
  simulator.engine.breakWire({ fault: 'reset', steps: ['media'], times: 3 });
  await expect(client.storage.upload(file)).rejects.toThrow('retries exhausted');
});

test('an upload through the port of the simulator gets URLs that lead back to it', async () => {
  const simulator = createSimulator();
  const server = await simulator.listen();
  try {
    const response = await fetch(`${server.url}/rest.fal.ai/storage/upload/initiate`, {
      method: 'POST',
      headers: AUTHORIZED,
      body: JSON.stringify({ content_type: 'text/plain', file_name: 'a.txt' }),
    });
    const { upload_url: uploadUrl, file_url: fileUrl } = (await response.json()) as Initiated;
    expect(uploadUrl.startsWith(`${server.url}/v3.fal.media/files/`)).toBe(true);
    expect((await fetch(uploadUrl, { method: 'PUT', body: 'hello' })).status).toBe(200);
    expect(await (await fetch(fileUrl)).text()).toBe('hello');
    const head = await fetch(fileUrl, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '5']);
  } finally {
    await server.close();
    simulator.close();
  }
});

test('only the signed URL may write, and nothing can be read before it is written', async () => {
  const { simulator } = started();
  const { upload_url: uploadUrl, file_url: fileUrl } = await initiate(simulator);
  expect(fileUrl).toMatch(/_\.\._a_b\.png$/);
  const put = async (url: string): Promise<number> =>
    (await simulator.fetch(url, { method: 'PUT', body: 'x' })).status;
  expect((await simulator.fetch(fileUrl)).status).toBe(404);
  expect(await put(fileUrl)).toBe(403);
  expect(await put(`${fileUrl}?signature=guess`)).toBe(403);
  expect(await put('https://v3.fal.media/files/invented.png?signature=guess')).toBe(404);
  expect(await put(uploadUrl)).toBe(200);
  expect((await simulator.fetch(fileUrl)).status).toBe(200);
});

test('parts that were not uploaded, or are not all listed, do not make a file', async () => {
  const { simulator } = started();
  const { upload_url: uploadUrl, file_url: fileUrl } = await initiate(simulator, { multipart: true });
  const { search } = new URL(uploadUrl);
  const send = async (method: string, rest: string, body: string): Promise<Response> =>
    simulator.fetch(`${fileUrl}/${rest}${search}`, { method, body });
  const first = (await (await send('PUT', '1', 'he')).json()) as { partNumber: number; etag: string };
  const second = (await (await send('PUT', '2', 'llo')).json()) as { partNumber: number; etag: string };
  const complete = async (parts: unknown): Promise<number> =>
    (await send('POST', 'complete', JSON.stringify({ parts }))).status;
  expect(await complete(undefined)).toBe(400);
  expect(await complete([first])).toBe(400);
  expect(await complete([first, { ...second, etag: 'other' }])).toBe(400);
  expect(await complete([first, first])).toBe(400);
  expect((await simulator.fetch(fileUrl)).status).toBe(404);
  expect((await send('PUT', '0', 'x')).status).toBe(404);
  expect(await complete([first, second])).toBe(200);
  expect(await (await simulator.fetch(fileUrl)).text()).toBe('hello');
});

test('a file with a lifetime is gone when it has passed', async () => {
  const { simulator, clock } = started();
  const headers = { 'x-fal-object-lifecycle': '{"expiration_duration_seconds":60}' };
  const { upload_url: uploadUrl, file_url: fileUrl } = await initiate(simulator, { headers });
  await simulator.fetch(uploadUrl, { method: 'PUT', body: 'x' });
  await clock.advance(59_999);
  expect((await simulator.fetch(fileUrl)).status).toBe(200);
  await clock.advance(1);
  expect((await simulator.fetch(fileUrl)).status).toBe(404);
});

test('uploads need a key and an open account, and say which field is missing', async () => {
  const { simulator } = started();
  const post = async (body: unknown, headers: Record<string, string> = AUTHORIZED): Promise<unknown> => {
    const url = 'https://rest.fal.ai/storage/upload/initiate';
    const response = await simulator.fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  const good = { content_type: 'image/png', file_name: 'a.png' };
  expect(await post(good, {})).toMatchObject({ status: 401 });
  expect(await post({ content_type: 'image/png' })).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['body', 'file_name'] }] },
  });
  const account = simulator.world.accounts.get(DEFAULT_ACCOUNT);
  if (account !== undefined) account.lock = 'top_up';
  expect(await post(good)).toMatchObject({
    status: 403,
    body: { detail: 'User is locked. Reason: TOP_UP.' },
  });
});

test('the Python way works: a token, one POST, a URL that can be read', async () => {
  const { simulator, clock } = started();
  const auth = 'https://rest.alpha.fal.ai/storage/auth/token?storage_type=fal-cdn-v3';
  const response = await simulator.fetch(auth, { method: 'POST', headers: AUTHORIZED, body: '{}' });
  const token = (await response.json()) as Record<string, string>;
  expect(token).toMatchObject({ token_type: 'Bearer', base_url: 'https://v3.fal.media' });
  expect(token.expires_at).toBe('2026-10-01T13:00:00.000+00:00');
  const upload = async (): Promise<Response> =>
    simulator.fetch(`${String(token.base_url)}/files/upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${String(token.token)}`, 'content-type': 'audio/wav' },
      body: 'wave',
    });
  const { access_url: url } = (await (await upload()).json()) as { access_url: string };
  expect(await (await simulator.fetch(url)).text()).toBe('wave');
  await clock.advance(3_600_000);
  expect((await upload()).status).toBe(401);
});

test('the media of a finished job can be fetched, and those of an invented one cannot', async () => {
  const { simulator, clock } = started();
  await simulator.fetch('https://queue.fal.run/fal-ai/flux/schnell', {
    method: 'POST',
    headers: AUTHORIZED,
    body: '{"prompt":"a lighthouse"}',
  });
  await clock.advance(30_000);
  const [job] = simulator.ledger.jobs;
  const response = await simulator.fetch(
    `https://v3.fal.media/files/simulated/${String(job?.requestId)}.png`,
  );
  expect(response.headers.get('content-type')).toBe('image/png');
  const png = Buffer.from(await response.arrayBuffer());
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 1024]);
  expect((await simulator.fetch('https://v3.fal.media/files/simulated/nobody.png')).status).toBe(404);
});

test('short-lived tokens come in the two documented shapes', async () => {
  const { simulator } = started();
  const post = async (path: string, body: unknown): Promise<Response> =>
    simulator.fetch(`https://rest.fal.ai${path}`, {
      method: 'POST',
      headers: AUTHORIZED,
      body: JSON.stringify(body),
    });
  const plain: unknown = await (
    await post('/tokens/', { allowed_apps: ['flux'], token_expiration: 60 })
  ).json();
  expect(plain).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  const claims = JSON.parse(Buffer.from(String(plain).split('.')[1] ?? '', 'base64url').toString()) as {
    exp: number;
  };
  expect(claims.exp).toBe(Date.UTC(2026, 9, 1, 12, 1) / 1000);
  const realtime = await post('/tokens/realtime', { allowed_apps: ['fal-ai/flux'], duration: 60 });
  expect(await realtime.json()).toEqual({ token: expect.any(String) as string });
  expect((await post('/tokens/', {})).status).toBe(422);
  expect((await post('/tokens/', { allowed_apps: ['flux'], token_expiration: 0 })).status).toBe(422);
});

test('the legacy balance can be negative, and the legacy details tell the lock', async () => {
  const { simulator } = started();
  const account = simulator.world.accounts.get(DEFAULT_ACCOUNT);
  if (account !== undefined) account.balanceNano = -180_000_000;
  const get = async (path: string): Promise<unknown> =>
    (await simulator.fetch(`https://rest.alpha.fal.ai${path}`, { headers: AUTHORIZED })).json();
  expect(await get('/billing/user_balance')).toBe(-0.18);
  expect(await get('/billing/user_details')).toMatchObject({
    is_locked: true,
    lock_reason: 'exhausted_balance',
  });
});

test('the key set of webhooks is public, and what the host does not have is 404 or 405', async () => {
  const { simulator } = started();
  const get = async (path: string, method = 'GET'): Promise<Response> =>
    simulator.fetch(`https://rest.fal.ai${path}`, { method });
  expect(await (await get('/.well-known/jwks.json')).json()).toMatchObject({
    keys: expect.any(Array) as unknown,
  });
  expect((await get('/nowhere')).status).toBe(404);
  expect((await get('/tokens/')).status).toBe(405);
  expect((await simulator.fetch('https://v3.fal.media/files/a', { method: 'DELETE' })).status).toBe(405);
});
