import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import {
  type ArrivedWebhook,
  type WebhookHandler,
  type WebhookSink,
  createWebhookHandler,
} from './handler.ts';
import { START_MS, newSigner } from './signed-deliveries.ts';
import { createWebhookVerifier } from './verifier.ts';
import { FalWebhookError } from './webhook-error.ts';

const URL_OF_APP = 'https://app.example/webhook';
const signer = newSigner();

function handlerWith(sink?: WebhookSink): WebhookHandler {
  const verifier = createWebhookVerifier({
    fetch: () => Promise.resolve(Response.json({ keys: [signer.jwk] })),
    now: () => START_MS,
  });
  return createWebhookHandler({ verifier, sink });
}

function collecting(): { sink: WebhookSink; arrived: ArrivedWebhook[] } {
  const arrived: ArrivedWebhook[] = [];
  return { arrived, sink: { webhookArrived: (webhook) => arrived.push(webhook) } };
}

test('a fetch Request is verified, and the sink learns what only the app knows', async () => {
  const { sink, arrived } = collecting();
  const request = new Request(URL_OF_APP, { method: 'POST', ...signer.sign({}) });
  const submittedAt = new Date(START_MS - 5000);
  const webhook = await handlerWith(sink).receive(request, { endpointId: 'fal-ai/flux/dev', submittedAt });
  expect(webhook).toMatchObject({ requestId: 'job-1', seenBefore: false });
  expect(arrived).toEqual([{ ...webhook, endpointId: 'fal-ai/flux/dev', submittedAt }]);
});

test('headers and body will do', async () => {
  expect(await handlerWith().receive(signer.sign({}))).toMatchObject({ status: 'OK' });
});

test('repeated deliveries reach the sink, and say that they are repeated', async () => {
  const { sink, arrived } = collecting();
  const handler = handlerWith(sink);
  for (let count = 0; count < 2; count += 1) await handler.receive(signer.sign({}));
  handler.forget('job-1');
  await handler.receive(signer.sign({}));
  expect(arrived.map(({ seenBefore }) => seenBefore)).toEqual([false, true, false]);
});

test('what is refused never reaches the sink', async () => {
  const { sink, arrived } = collecting();
  await expect(handlerWith(sink).receive(newSigner().sign({}))).rejects.toThrow(FalWebhookError);
  expect(arrived).toEqual([]);
});

test('a sink that throws changes nothing for the app', async () => {
  const sink: WebhookSink = {
    webhookArrived: () => {
      throw new Error('defect');
    },
  };
  expect(await handlerWith(sink).receive(signer.sign({}))).toMatchObject({ status: 'OK' });
});

test('a request whose body was read before is refused with what to do', async () => {
  const request = new Request(URL_OF_APP, { method: 'POST', ...signer.sign({}) });
  await request.json();
  await expect(handlerWith().receive(request)).rejects.toThrow('Call receive first');
});

test('a body that breaks off is refused', async () => {
  const { headers } = signer.sign({});
  const cause = new TypeError('terminated');
  const broken = { headers, arrayBuffer: () => Promise.reject(cause) };
  await expect(handlerWith().receive(broken)).rejects.toMatchObject({ code: 'bad_body', cause });
});

test('a server of node:http answers fal with what the handler says', async () => {
  const { sink, arrived } = collecting();
  const handler = handlerWith(sink);
  const answer = async (message: IncomingMessage): Promise<number> => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    try {
      await handler.receive({ headers: message.headers, body: Buffer.concat(chunks) });
      return 204;
    } catch (error) {
      return error instanceof FalWebhookError ? error.httpStatus : 500;
    }
  };
  const server = createServer((message, response) => {
    void answer(message).then((status) => response.writeHead(status).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const post = async (delivery: RequestInit): Promise<number> =>
    (await fetch(url, { method: 'POST', ...delivery })).status;
  try {
    const { headers, body } = signer.sign({});
    expect(await post({ headers, body })).toBe(204);
    expect(await post({ headers, body: `${body} ` })).toBe(401);
    expect(await post({ body })).toBe(400);
    expect(arrived.map(({ requestId }) => requestId)).toEqual(['job-1']);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
