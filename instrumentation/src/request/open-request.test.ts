import { describe, expect, it } from 'vitest';
import { OpenRequest } from './open-request.ts';
import { type NotedRequests, RUN, SUBMIT, apiError, attempt, notedRequests } from './test-metrics.ts';

interface Opened extends NotedRequests {
  readonly request: OpenRequest;
}

function attached(): Opened {
  const noted = notedRequests();
  return { ...noted, request: new OpenRequest(RUN, noted.around, { isAttached: true, isStart: true }) };
}

function detached({ isStart = true } = {}): Opened {
  const noted = notedRequests();
  return { ...noted, request: new OpenRequest(SUBMIT, noted.around, { isAttached: false, isStart }) };
}

/** A detached request whose job fal has accepted. */
function accepted(): Opened {
  const opened = detached();
  opened.request.submitted({ request_id: 'req-1', queue_position: 3 });
  return opened;
}

const MODEL_ERROR = { detail: [{ type: 'no_media_generated', msg: 'nothing' }] };

describe('an open request', () => {
  it('is counted once with its duration, units and host, whatever is told after its end', () => {
    const { request, clock, told, ended, over } = attached();
    request.attemptStarted('run');
    clock.seconds = 102.5;
    request.attemptEnded(attempt({ billableUnits: '1.5', endedAt: 102.5, host: 'fal.run:8080' }));
    request.finish({ images: [] });
    request.finish({});
    request.fail(new Error('late'));
    request.cancel();
    request.settleSuspicion();
    expect(told).toEqual(['started run', 'attempted 200', 'ended ok']);
    expect(ended).toMatchObject([
      { labels: RUN, billableUnits: '1.5', host: 'fal.run', record: { outcome: 'ok', attempts: 1 } },
    ]);
    expect(ended[0]?.record.total).toEqual({ seconds: 2.5, certainty: 'exact' });
    expect(over).toEqual([request]);
    expect(request.hasEnded).toBe(true);
  });

  it('has no duration when another process began it', () => {
    const { request, ended, clock } = detached({ isStart: false });
    clock.seconds += 5;
    request.finish();
    expect(ended[0]?.record.total).toBeUndefined();
    expect(ended[0]?.record.outcome).toBe('ok');
  });

  it('keeps its failure for the span', () => {
    const { request, ended } = attached();
    request.attemptEnded(attempt({ status: 422 }));
    request.fail(apiError(422, MODEL_ERROR));
    expect(request.failure).toMatchObject({
      errorType: 'no_media_generated',
      fault: 'model',
      outcome: 'error',
    });
    expect(ended[0]?.record).toMatchObject({ outcome: 'error', errorType: 'no_media_generated' });
  });

  it('takes a page of HTML for no result, but a text of the model for one', () => {
    const page = attached();
    page.request.attemptEnded(attempt({ contentType: 'text/html; charset=utf-8' }));
    page.request.finish('<html>');
    expect(page.ended[0]?.record).toMatchObject({ outcome: 'error', errorType: 'unexpected_content_type' });
    const text = attached();
    text.request.attemptEnded(attempt({ contentType: 'text/plain' }));
    text.request.finish('a story');
    expect(text.ended[0]?.record.outcome).toBe('ok');
  });

  it('has no units when no answer had any, and no number when the header holds none', () => {
    const none = attached();
    none.request.finish();
    expect(none.ended[0]?.billableUnits).toBeUndefined();
    const odd = attached();
    odd.request.attemptEnded(attempt({ billableUnits: 'many' }));
    odd.request.finish();
    expect(odd.ended[0]).toMatchObject({ billableUnits: 'many' });
    expect(odd.ended[0]?.record.billableUnits).toBeUndefined();
  });

  it('survives a clock that says nothing of use', () => {
    const { request, clock, over } = attached();
    clock.seconds = NaN;
    request.saw('first_chunk');
    request.finish();
    expect(over).toHaveLength(1);
  });
});

describe('exchanges of a request', () => {
  it('are counted by status, or by the code of the network', () => {
    const { request, told } = attached();
    request.attemptEnded(attempt({ status: 503 }));
    request.attemptEnded(attempt({ status: undefined, networkCode: 'ECONNRESET' }));
    request.attemptEnded(attempt({ status: undefined }));
    expect(told.slice(1)).toEqual(['attempted 503', 'attempted ECONNRESET', 'attempted unknown']);
    expect(request.life.record().attempts).toBe(3);
  });

  it.each([
    ['an answer that may have been a job', { status: 200 }, 1],
    ['a connection that broke after the POST was sent', { status: undefined, networkCode: 'ECONNRESET' }, 1],
    ['a connection that never was', { status: undefined, networkCode: 'ECONNREFUSED' }, 0],
    ['an unknown host', { status: undefined, networkCode: 'ENOTFOUND' }, 0],
    ['a refusal', { status: 503 }, 0],
  ])('a second POST after %s is told as repeated %# ', (_, first, repeated) => {
    const { request, told } = attached();
    request.attemptStarted('submit');
    request.attemptEnded(attempt({ step: 'submit', ...first }));
    request.attemptStarted('submit');
    expect(told.filter((each) => each === 'submit repeated')).toHaveLength(repeated);
  });

  it('that only read repeat as often as they like', () => {
    const { request, told } = accepted();
    for (const step of ['status', 'status', 'result', 'result'] as const) {
      request.attemptStarted(step);
      request.attemptEnded(attempt({ step, status: undefined, networkCode: 'ECONNRESET' }));
    }
    expect(told).not.toContain('submit repeated');
  });

  it('bill late once, when a result is fetched after the end', () => {
    const { request, told } = accepted();
    request.cancel();
    request.attemptEnded(attempt({ step: 'result', billableUnits: '2' }));
    request.attemptEnded(attempt({ step: 'result', billableUnits: '2' }));
    expect(told.filter((each) => each.startsWith('billed late'))).toEqual(['billed late 2 ok']);
  });

  it('bill nothing late that was billed in time', () => {
    const { request, told } = accepted();
    request.attemptEnded(attempt({ step: 'result', billableUnits: '2' }));
    request.finish({});
    request.attemptEnded(attempt({ step: 'result', billableUnits: '2' }));
    expect(told.filter((each) => each.startsWith('billed late'))).toEqual([]);
  });
});

describe('a second answer to the same POST', () => {
  it('is billed beside the first, which was for nothing', () => {
    const { request, told, ended } = attached();
    for (const billableUnits of ['1', '2']) {
      request.attemptStarted('run');
      request.attemptEnded(attempt({ billableUnits }));
    }
    request.finish({});
    expect(told).toContain('billed late 1 duplicate');
    expect(ended[0]?.billableUnits).toBe('2');
  });
});

describe('files of a request', () => {
  it('are its own until the request itself is on its way', () => {
    const { request } = attached();
    expect(request.takesUploads).toBe(true);
    request.attemptStarted('upload');
    expect(request.takesUploads).toBe(true);
    request.attemptStarted('run');
    expect(request.takesUploads).toBe(false);
  });

  it('are no longer its own while its answer is streamed', () => {
    const { request } = attached();
    request.attemptStarted('stream');
    expect(request.takesUploads).toBe(false);
  });

  it.each([
    ['fal has accepted it', (request: OpenRequest) => request.submitted({ request_id: 'req-1' })],
    ['it is over', (request: OpenRequest) => request.finish()],
  ])('are no longer its own once %s', (_, happen) => {
    const { request } = attached();
    happen(request);
    expect(request.takesUploads).toBe(false);
  });
});

describe('the answer to a submit', () => {
  it.each([undefined, null, 'text', {}, { request_id: '' }, { request_id: 7 }])(
    'that is %j holds no id: nobody can ever ask about the job',
    (body) => {
      const { request, ended } = detached();
      request.submitted(body);
      expect(request.requestId).toBeUndefined();
      const errorType = body === 'text' ? 'unexpected_content_type' : 'invalid_json';
      expect(ended[0]?.record).toMatchObject({ outcome: 'error', errorType });
    },
  );

  it('gives the id and the place in the queue', () => {
    const { request, clock } = accepted();
    expect(request.requestId).toBe('req-1');
    clock.seconds += 7;
    expect(request.active(clock.seconds)).toEqual({
      labels: SUBMIT,
      state: 'queued',
      ageSeconds: 7,
      queuePosition: 3,
    });
  });

  it('gives way to the id that an exchange had, when it had none', () => {
    const { request } = detached();
    request.attemptEnded(attempt({ requestId: 'from-header' }));
    expect(request.requestId).toBe('from-header');
  });
});

describe('the status of a job', () => {
  it('moves the request, and tells of each fall back into the queue', () => {
    const { request, clock, told } = accepted();
    const states = ['IN_QUEUE', 'IN_PROGRESS', 'IN_QUEUE', 'IN_PROGRESS', 'COMPLETED'].map((status) => {
      clock.seconds += 1;
      request.sawStatus({ status, metrics: { inference_time: 0.5 } });
      return request.active(clock.seconds).state;
    });
    expect(states).toEqual(['queued', 'running', 'queued', 'running', 'fetching']);
    expect(told.filter((each) => each === 'platform retried')).toHaveLength(1);
    expect(request.life.record().inference?.seconds).toBe(0.5);
    expect(request.hasEnded).toBe(false);
  });

  it.each([
    [{ error_type: 'runner_disconnected', error: 'gone' }, 'runner_disconnected'],
    [{ error_type: 'request_timeout' }, 'request_timeout'],
  ])('that reports a failure by name ends a detached request: %j', (failure, errorType) => {
    const { request, ended } = accepted();
    request.sawStatus({ status: 'COMPLETED', ...failure });
    expect(ended[0]?.record).toMatchObject({ errorType });
  });

  it.each([{ error: 'something went wrong' }, { error_type: 'made_up' }])(
    'that reports a failure without a known name ends it when nobody fetches the result: %j',
    (failure) => {
      const { request, ended } = accepted();
      request.sawStatus({ status: 'COMPLETED', ...failure });
      expect(ended).toEqual([]);
      request.suspect(new TypeError('fetch failed'));
      request.settleSuspicion();
      expect(ended[0]?.record).toMatchObject({ outcome: 'error' });
    },
  );

  it('that reports a failure without a known name leaves it to the result to name it', () => {
    const { request, ended } = accepted();
    request.sawStatus({ status: 'COMPLETED', error: 'something went wrong' });
    request.attemptEnded(attempt({ step: 'result', status: 422 }));
    request.suspect(apiError(422, MODEL_ERROR));
    expect(ended[0]?.record).toMatchObject({ errorType: 'no_media_generated' });
  });

  it('that reports a failure leaves the end of an attached request to the call that spans it', () => {
    const { request } = attached();
    request.submitted({ request_id: 'req-1' });
    request.sawStatus({ status: 'COMPLETED', error_type: 'runner_disconnected' });
    expect(request.hasEnded).toBe(false);
  });

  it.each([undefined, null, 'text', 7, { status: 'DREAMING' }])('that is %j changes nothing', (body) => {
    const { request } = accepted();
    request.sawStatus(body);
    expect(request.life.state).toBe('queued');
  });
});

describe('a failed poll or fetch of a detached request', () => {
  const resultAnswered = (status: number): ReturnType<typeof attempt> => attempt({ step: 'result', status });

  it.each([
    ['the model', 422, MODEL_ERROR, 'no_media_generated'],
    ['the app', 422, { detail: [{ type: 'image_too_large' }] }, 'image_too_large'],
    ['the platform', 500, { detail: 'x', error_type: 'runner_server_error' }, 'runner_server_error'],
  ])('that is the answer of %s ends it', (_, status, body, errorType) => {
    const { request, ended } = accepted();
    request.attemptEnded(resultAnswered(status));
    request.suspect(apiError(status, body));
    expect(ended[0]?.record).toMatchObject({ errorType });
  });

  it.each([
    ['a network error', new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }), 'network_error'],
    ['a refused key', apiError(401), 'unauthorized'],
    ['a rate limit', apiError(429), '429'],
    ['an unknown id', apiError(404), 'not_found'],
    ["the caller's own abort", new DOMException('x', 'AbortError'), 'aborted'],
  ])(
    'such as %s ends it only when nobody asks again, at the time of the last sign of life',
    (_, error, type) => {
      const { request, clock, ended } = accepted();
      clock.seconds = 110;
      const status = (error as { status?: number }).status;
      request.attemptEnded(attempt({ step: 'result', status, endedAt: 110 }));
      request.suspect(error);
      expect(request.hasEnded).toBe(false);
      clock.seconds = 500;
      request.settleSuspicion();
      expect(ended[0]?.record).toMatchObject({ errorType: type });
      expect(ended[0]?.record.total?.seconds).toBe(10);
    },
  );

  it('is forgotten when a later poll answers', () => {
    const { request } = accepted();
    request.suspect(new TypeError('fetch failed'));
    request.sawStatus({ status: 'IN_PROGRESS' });
    request.settleSuspicion();
    expect(request.hasEnded).toBe(false);
  });

  it('is no failure at all when the job still runs', () => {
    const { request } = accepted();
    request.sawStatus({ status: 'IN_PROGRESS' });
    request.attemptEnded(resultAnswered(400));
    request.suspect(apiError(400, { detail: 'Request is still in progress' }));
    request.settleSuspicion();
    expect(request.hasEnded).toBe(false);
  });

  it('without any suspicion settles nothing', () => {
    const { request } = accepted();
    request.settleSuspicion();
    expect(request.hasEnded).toBe(false);
  });
});

describe('a request for the gauges', () => {
  it('is as old as it is known when another process began it', () => {
    const { request, clock } = detached({ isStart: false });
    clock.seconds += 3;
    expect(request.active(clock.seconds)).toMatchObject({ state: 'submitting', ageSeconds: 3 });
  });

  it('is being fetched once somebody asks for its result', () => {
    const { request, clock } = accepted();
    request.saw('result_requested');
    expect(request.active(clock.seconds).state).toBe('fetching');
  });
});
