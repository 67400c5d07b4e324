import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFalClient } from '@fal-ai/client';
import {
  ERROR_TABLE,
  FAKE_API_KEY,
  type Job,
  type Simulator,
  VirtualClock,
  createSimulator,
} from 'fal-simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ErrorType, isErrorType } from '../errors/error-type.ts';
import { type ArrivedWebhook, createWebhookHandler } from './handler.ts';
import { createWebhookVerifier } from './verifier.ts';
import { FalWebhookError } from './webhook-error.ts';

const MODEL = 'fal-ai/flux/dev';
const HOOK = 'https://app.example/webhook';
const MINUTE = 60_000;

interface App {
  readonly simulator: Simulator;
  readonly arrived: ArrivedWebhook[];
  /** Codes of the refusals, in order. */
  readonly refused: string[];
  readonly submit: () => Promise<string>;
  /** Lets time pass in steps that are shorter than fal's patience, and lets the app work off what came in each. */
  readonly pass: (ms: number) => Promise<void>;
}

/** An app with the real client and our handler, and a fal that lives on a virtual clock. */
function appWithFal(seed = 1): App {
  const clock = new VirtualClock();
  const arrived: ArrivedWebhook[] = [];
  const refused: string[] = [];
  let underWay = 0;
  const handler = createWebhookHandler({
    verifier: createWebhookVerifier({
      fetch: (input, init) => simulator.fetch(input, init),
      now: () => clock.now(),
    }),
    sink: { webhookArrived: (webhook) => arrived.push(webhook) },
  });
  const receive = async (request: Request): Promise<Response> => {
    try {
      await handler.receive(request, { endpointId: MODEL });
      return new Response(null, { status: 204 });
    } catch (error) {
      if (!(error instanceof FalWebhookError)) throw error;
      refused.push(error.code);
      return new Response(error.message, { status: error.httpStatus });
    }
  };
  const simulator = createSimulator({
    clock,
    seed,
    webhooks: {
      fetch: (input, init) => {
        underWay += 1;
        return receive(new Request(input, init)).finally(() => (underWay -= 1));
      },
    },
  });
  const fal = createFalClient({ credentials: FAKE_API_KEY, fetch: simulator.fetch });
  return {
    simulator,
    arrived,
    refused,
    submit: async () =>
      (await fal.queue.submit(MODEL, { input: { prompt: 'a lighthouse' }, webhookUrl: HOOK })).request_id,
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= 2000) {
        await clock.advance(Math.min(2000, left));
        while (underWay > 0) await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

test('the webhook of a job that the real client submitted is verified', async () => {
  const { arrived, refused, submit, pass } = appWithFal();
  const requestId = await submit();
  await pass(MINUTE);
  expect(refused).toEqual([]);
  expect(arrived).toHaveLength(1);
  expect(arrived[0]).toMatchObject({ requestId, status: 'OK', retried: false, endpointId: MODEL });
  expect(arrived[0]?.payload).toHaveProperty('images');
});

test.each([
  ['webhook-duplicate', [false, true], []],
  ['webhook-late', [false], []],
  ['webhook-payload-error', [false], []],
  ['webhook-lost', [], []],
  ['webhook-bad-signature', [], ['bad_signature']],
  ['webhook-old-timestamp', [], ['stale']],
])('under %s the app gets %j and refuses for %j', async (scenario, seen, codes) => {
  const { simulator, arrived, refused, submit, pass } = appWithFal();
  simulator.applyScenario(scenario);
  await submit();
  await pass(180 * MINUTE);
  expect(arrived.map(({ seenBefore }) => seenBefore)).toEqual(seen);
  expect([...new Set(refused)]).toEqual(codes);
});

test('a delivery that was refused is taken at the next attempt, when fal has mended itself', async () => {
  const { simulator, arrived, refused, submit, pass } = appWithFal();
  simulator.applyScenario('webhook-bad-signature');
  const requestId = await submit();
  await pass(20_000);
  simulator.applyScenario('healthy');
  await pass(5 * MINUTE);
  expect(refused.length).toBeGreaterThan(0);
  expect(arrived.map((webhook) => webhook.requestId)).toEqual([requestId]);
});

test('webhooks out of order are told by their ids', async () => {
  const { simulator, arrived, submit, pass } = appWithFal();
  simulator.applyScenario('webhook-out-of-order');
  const first = await submit();
  await pass(10_000);
  const second = await submit();
  await pass(2 * MINUTE);
  expect(arrived.map(({ requestId }) => requestId)).toEqual([second, first]);
});

test('a job that the platform ran again says so', async () => {
  const { simulator, arrived, submit, pass } = appWithFal();
  simulator.applyScenario('platform-retries');
  const requestId = await submit();
  await pass(5 * MINUTE);
  expect(arrived[0]).toMatchObject({ requestId, retried: true });
  expect(arrived[0]?.gatewayRequestId).toBe(simulator.ledger.job(requestId)?.webhook?.gatewayRequestId);
});

test.each([true, false])(
  'no webhook is lost when fal changes its key (old one kept: %j)',
  async (keepOld) => {
    const { simulator, arrived, submit, pass } = appWithFal();
    await submit();
    await pass(MINUTE);
    simulator.engine.rotateWebhookKey({ keepOld });
    await submit();
    await pass(10 * MINUTE);
    expect(arrived).toHaveLength(2);
    const asked = simulator.ledger.exchanges.filter(({ path }) => path.endsWith('jwks.json'));
    expect(asked).toHaveLength(2);
  },
);

/** What our closed list calls an error of fal. */
function nameOf(errorType: string | undefined): ErrorType | undefined {
  if (errorType === undefined || isErrorType(errorType)) return errorType;
  if (ERROR_TABLE[errorType]?.shape === 'model') return 'validation_error';
  const status = String(ERROR_TABLE[errorType]?.status);
  return isErrorType(status) ? status : '_OTHER';
}

/** What the ledger says of a job, in the words of a webhook. */
function truthOf(job: Job | undefined): Partial<ArrivedWebhook> {
  return {
    status: job?.outcome === 'ok' ? 'OK' : 'ERROR',
    errorType: nameOf(job?.errorType),
    gatewayRequestId: job?.webhook?.gatewayRequestId,
    userId: job?.account ?? '',
  };
}

/** How often the app answered a webhook of these jobs so. */
function answered(jobs: readonly (Job | undefined)[], status: number): number {
  const attempts = jobs.flatMap((job) => job?.webhook?.attempts ?? []);
  return attempts.filter(({ answer }) => answer === status).length;
}

test('whatever fal goes through, the app learns of each job what the ledger says, once', async () => {
  const onJobs = Object.keys(ERROR_TABLE).filter((type) => ERROR_TABLE[type]?.moment.at !== 'gateway');
  const step = fc.record({
    failure: fc.option(fc.constantFrom(...onJobs), { nil: undefined }),
    final: fc.boolean(),
    scenario: fc.constantFrom(
      'healthy',
      'webhook-duplicate',
      'webhook-late',
      'webhook-out-of-order',
      'webhook-bad-signature',
      'webhook-old-timestamp',
    ),
    rotates: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.nat(1000), fc.array(step, { minLength: 1, maxLength: 4 }), async (seed, steps) => {
      const { simulator, arrived, refused, submit, pass } = appWithFal(seed);
      const ids: string[] = [];
      for (const { failure, final, scenario, rotates } of steps) {
        simulator.applyScenario(scenario);
        if (failure !== undefined) simulator.engine.failNext({ errorType: failure, final });
        if (rotates) simulator.engine.rotateWebhookKey();
        ids.push(await submit());
        await pass(MINUTE);
      }
      simulator.applyScenario('healthy');
      await pass(130 * MINUTE);
      const told = arrived.filter(({ seenBefore }) => !seenBefore);
      const truth = ids.map((id) => simulator.ledger.job(id));
      expect(told.map(({ requestId }) => requestId).sort()).toEqual([...ids].sort());
      for (const job of truth) {
        expect(told.find(({ requestId }) => requestId === job?.requestId)).toMatchObject(truthOf(job));
        expect(job?.webhook?.state).toBe('delivered');
      }
      expect(arrived).toHaveLength(answered(truth, 204));
      expect(refused).toHaveLength(answered(truth, 401));
      simulator.close();
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('over real sockets: the client submits, fal delivers, a server of node:http verifies', async () => {
  const simulator = createSimulator();
  for (const endpoint of simulator.world.endpoints.values()) endpoint.inference = { medianMs: 1, sigma: 0 };
  const { url: falUrl } = await simulator.listen();
  const handler = createWebhookHandler({
    verifier: createWebhookVerifier({ jwksUrl: `${falUrl}/rest.fal.ai/.well-known/jwks.json` }),
  });
  const taken = Promise.withResolvers<string>();
  const app = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.once('end', () => {
      handler.receive({ headers: message.headers, body: Buffer.concat(chunks) }).then(
        ({ requestId }) => {
          response.writeHead(204).end();
          taken.resolve(requestId);
        },
        (error: unknown) => {
          response.writeHead(500).end();
          taken.reject(error);
        },
      );
    });
  });
  await once(app.listen(0, '127.0.0.1'), 'listening');
  try {
    const fal = createFalClient({
      credentials: FAKE_API_KEY,
      fetch: (input, init) => {
        const { host, pathname, search } = new URL(input instanceof Request ? input.url : input);
        return fetch(`${falUrl}/${host}${pathname}${search}`, init);
      },
    });
    const { request_id: requestId } = await fal.queue.submit(MODEL, {
      input: { prompt: 'a lighthouse' },
      webhookUrl: `http://127.0.0.1:${(app.address() as AddressInfo).port}/hook?user=7`,
    });
    expect(await taken.promise).toBe(requestId);
  } finally {
    simulator.close();
    app.close();
    app.closeAllConnections();
  }
});
