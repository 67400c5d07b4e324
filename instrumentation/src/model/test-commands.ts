import { fal } from '@fal-ai/client';
import fc from 'fast-check';
import { comeToRest, pass } from '../conformance/passing-time.ts';
import { takeWebhook } from '../webhook-end.ts';
import { type Logical, type Outcome, MODELS } from './test-books.ts';
import type { PlayedApp } from './test-app.ts';
import type { Fault, JobState, Step, Wish } from './test-fal.ts';

/** Nothing but a name: what is to be expected is in the books, which see what the app and fal see. */
type Model = Record<string, never>;
type Command = fc.AsyncCommand<Model, PlayedApp>;
type Play = (app: PlayedApp) => unknown;

/** Milliseconds: less than a poll, a poll, a client's patience, and more than a minute. None meets another's edge. */
const PAUSES = [97, 1009, 7013, 61_001] as const;
const POLL_MS = 4001;
const PATIENCE_MS = 9007;

function command(name: string, play: Play): Command {
  return {
    check: () => true,
    run: async (_, app) => {
      await play(app);
      await comeToRest();
    },
    toString: () => name,
  };
}

/** A call about one of the jobs that there are, if there is any. */
function aboutJob(
  name: string,
  which: number,
  play: (app: PlayedApp, jobId: string, model: string) => unknown,
): Command {
  return command(`${name} of job ${which}`, (app) => {
    const jobId = app.jobId(which);
    const model = jobId === undefined ? undefined : app.fal.jobs.get(jobId)?.model;
    if (jobId !== undefined && model !== undefined) return play(app, jobId, model);
    return undefined;
  });
}

const model = fc.constantFrom(...Object.keys(MODELS));
const wish: fc.Arbitrary<Omit<Wish, 'call'>> = fc.record({
  ends: fc.constantFrom('well', 'well', 'refused by the model', 'fails on the platform', 'hangs', 'hangs'),
  milliUnits: fc.constantFrom(0, 1500, 1, 333),
});
const which = fc.nat(5);
const maybe = fc.boolean();

const run = fc.tuple(model, wish).map(([id, wishes]) =>
  command(`run ${id} ${wishes.ends}`, (app) => {
    const { call, signal } = app.newCall();
    const input = { call, ...wishes };
    app.beginning('run', id, input, () => fal.run(id, { input, abortSignal: signal }));
  }),
);

const subscribe = fc.tuple(model, wish, maybe).map(([id, wishes, isPatient]) =>
  command(`subscribe ${id} ${wishes.ends}${isPatient ? '' : ' impatiently'}`, (app) => {
    const { call, signal } = app.newCall();
    const input = { call, ...wishes };
    const patience = isPatient ? {} : { timeout: PATIENCE_MS };
    const options = { input, abortSignal: signal, pollInterval: POLL_MS, ...patience };
    app.beginning('subscribe', id, input, () => fal.subscribe(id, options));
  }),
);

const submit = fc.tuple(model, wish).map(([id, wishes]) =>
  command(`submit ${id} ${wishes.ends}`, (app) => {
    const { call, signal } = app.newCall();
    const input = { call, ...wishes };
    app.beginning('submit', id, input, () => fal.queue.submit(id, { input, abortSignal: signal }));
  }),
);

const foreign = fc
  .tuple(model, wish)
  .map(([id, wishes]) =>
    command(`another process submits ${id} ${wishes.ends}`, (app) =>
      app.fal.foreignJob(id, { call: 0, ...wishes }),
    ),
  );

const advance = fc
  .tuple(which, fc.constantFrom<JobState>('IN_QUEUE', 'IN_PROGRESS', 'COMPLETED', 'COMPLETED'))
  .map(([job, state]) =>
    aboutJob(`${state}`, job, (app, id) => {
      const played = app.fal.jobs.get(id);
      if (played !== undefined && played.state !== 'COMPLETED') played.state = state;
    }),
  );

const status = which.map((job) =>
  aboutJob('status', job, (app, requestId, id) => {
    const { signal } = app.newCall();
    app.about(
      requestId,
      async (logical) =>
        app.books.statusTold(logical, await fal.queue.status(id, { requestId, abortSignal: signal })),
      (logical, outcome) => {
        if (outcome !== 'ok') app.books.suspect(logical, outcome);
      },
    );
  }),
);

const wait = fc.tuple(which, maybe).map(([job, isPatient]) =>
  aboutJob(`waiting${isPatient ? '' : ' impatiently'}`, job, (app, requestId, id) => {
    const { signal } = app.newCall();
    const patience = isPatient ? {} : { timeout: PATIENCE_MS };
    const options = { requestId, abortSignal: signal, pollInterval: POLL_MS, ...patience };
    app.about(
      requestId,
      (logical) => {
        const onQueueUpdate = (told: object): void => app.books.statusTold(logical, told);
        return fal.queue.subscribeToStatus(id, { ...options, onQueueUpdate });
      },
      (logical, outcome) => {
        if (outcome === 'timeout') app.books.endDetached(logical, outcome);
        else if (outcome !== 'ok') app.books.suspect(logical, outcome);
      },
    );
  }),
);

const result = which.map((job) =>
  aboutJob('result', job, (app, requestId, id) => {
    const { signal } = app.newCall();
    app.about(
      requestId,
      () => fal.queue.result(id, { requestId, abortSignal: signal }),
      (logical, outcome, error) => resultEnded(app, logical, outcome, error),
    );
  }),
);

/** Of the model or the platform: the end. Too early: nothing. Anything else: a suspicion. */
function resultEnded({ books }: PlayedApp, logical: Logical, outcome: Outcome, error: unknown): void {
  const { status: code } = (error ?? {}) as { readonly status?: number };
  if (outcome === 'ok' || code === 422 || code === 500) books.endDetached(logical, outcome);
  else if (code !== 400) books.suspect(logical, outcome);
}

const cancel = which.map((job) =>
  aboutJob('cancel', job, (app, requestId, id) => {
    app.about(
      requestId,
      () => fal.queue.cancel(id, { requestId }),
      (logical, outcome) => {
        if (outcome === 'ok') app.books.endDetached(logical, 'cancelled');
      },
    );
  }),
);

const webhook = fc.tuple(which, maybe).map(([job, isOk]) =>
  aboutJob(`a webhook that says ${isOk ? 'OK' : 'ERROR'}`, job, (app, requestId, endpointId) => {
    const logical = app.books.askedAbout(requestId, endpointId);
    app.books.endDetached(logical, isOk ? 'ok' : 'error');
    takeWebhook(app.telemetry, {
      requestId,
      endpointId,
      status: isOk ? 'OK' : 'ERROR',
      errorType: isOk ? undefined : 'internal_server_error',
      retried: false,
      payload: null,
      userId: 'u',
      deliveredAt: new Date(),
      seenBefore: false,
    });
  }),
);

const upload = fc.constant(
  command('upload', (app) => {
    const { call } = app.newCall();
    const file = new File(['x'], `call-${call}.png`, { type: 'image/png' });
    app.beginning('upload', 'storage', { call }, () => fal.storage.upload(file));
  }),
);

const fault = fc
  .tuple(
    fc.constantFrom<Step>('run', 'submit', 'status', 'status', 'result', 'cancel', 'upload'),
    fc.constantFrom<Fault>('refused key', 'reset', 'slow', 'never sent'),
  )
  .map(([step, kind]) => command(`next ${step}: ${kind}`, (app) => app.fal.orderFault(step, kind)));

const abort = which.map((call) => command(`abort call ${call}`, (app) => app.abort(call)));
const passing = fc.constantFrom(...PAUSES).map((ms) => command(`${ms} ms pass`, () => pass(ms)));
const passingAndCollect = fc.constantFrom(...PAUSES).map((ms) =>
  command(`${ms} ms pass until a collection`, async (app) => {
    await pass(ms);
    await app.compare();
  }),
);
const configure = fc.constant(command('fal.config', (app) => app.configure()));
const collect = fc.constant(command('collect', (app) => app.compare()));

/** Whatever an app may do with the client, whatever fal may do with its jobs, and time. */
export const COMMANDS = [
  ...[run, subscribe, submit, submit, foreign, upload],
  ...[status, wait, result, cancel, webhook, abort],
  ...[advance, advance, fault, passing, passingAndCollect, passingAndCollect, configure, collect],
];
