import { describe, expect, it } from 'vitest';
import type { OpenRequest } from './open-request.ts';
import { RequestDesk } from './request-desk.ts';
import { ENDPOINT, type NotedRequests, RUN, SUBMIT, notedRequests } from './test-metrics.ts';

interface Opened extends NotedRequests {
  readonly desk: RequestDesk;
  readonly watched: () => number;
}

function open(): Opened {
  const noted = notedRequests();
  const desk = new RequestDesk(noted.around);
  return { ...noted, desk, watched: () => [...desk.active()].length };
}

function submitted(desk: RequestDesk, id: string): OpenRequest {
  const request = desk.begin(SUBMIT, { isAttached: false });
  request.submitted({ request_id: id });
  desk.remember(id, request);
  return request;
}

describe('the desk', () => {
  it('hands out the requests that somebody waits for, and passes their end on', () => {
    const { desk, watched, over } = open();
    const request = desk.begin(RUN, { isAttached: true });
    expect(watched()).toBe(1);
    request.finish();
    expect(watched()).toBe(0);
    expect(over).toEqual([request]);
  });

  it('does not count realtime sessions among those that wait', () => {
    const { desk, watched } = open();
    desk.begin({ endpointId: ENDPOINT, operation: 'realtime' }, { isAttached: true });
    expect(watched()).toBe(0);
  });

  it('knows a job by its id, also after its end', () => {
    const { desk } = open();
    const request = submitted(desk, 'a');
    request.finish();
    expect(desk.find('a')).toBe(request);
    expect(desk.findOrAdopt('a', () => RUN)).toBe(request);
    expect(desk.find('b')).toBeUndefined();
  });

  it('adopts a job of another process once, and lets its labels be made only then', () => {
    const { desk, told } = open();
    let asked = 0;
    const labels = (): typeof RUN => {
      asked += 1;
      return RUN;
    };
    const request = desk.findOrAdopt('theirs', labels);
    expect(desk.findOrAdopt('theirs', labels)).toBe(request);
    expect(asked).toBe(1);
    expect(request.isAttached).toBe(false);
    expect(told).toEqual(['started run']);
  });
});

describe('a request that nobody asks about', () => {
  it('stops counting as waited for after a minute, and counts again when somebody asks', () => {
    const { desk, clock, watched, ended } = open();
    submitted(desk, 'a');
    clock.seconds += 59;
    expect(watched()).toBe(1);
    clock.seconds += 1;
    expect(watched()).toBe(0);
    expect(ended).toEqual([]);
    desk.findOrAdopt('a', () => RUN).sawStatus({ status: 'IN_PROGRESS' });
    expect(watched()).toBe(1);
  });

  it('counts as waited for as long as a call about it is in progress', () => {
    const { desk, clock, watched } = open();
    const request = desk.begin(RUN, { isAttached: true });
    request.watchers += 1;
    clock.seconds += 7200;
    expect(watched()).toBe(1);
  });

  it('ends with what was suspected, once', () => {
    const { desk, clock, watched, ended } = open();
    submitted(desk, 'a').suspect(new TypeError('fetch failed'));
    clock.seconds += 61;
    desk.sweep();
    expect(ended).toMatchObject([{ record: { outcome: 'error', errorType: 'network_error' } }]);
    clock.seconds += 61;
    desk.sweep();
    expect(ended).toHaveLength(1);
    expect(watched()).toBe(0);
  });

  it('is forgotten after a day, because fal keeps no result for longer', () => {
    const { desk, clock } = open();
    submitted(desk, 'old');
    clock.seconds += 3600;
    submitted(desk, 'new');
    clock.seconds += 23 * 3600;
    desk.sweep();
    expect(desk.find('old')).toBeUndefined();
    expect(desk.find('new')).toBeDefined();
  });

  it('is forgotten after its day although an older one was told again', () => {
    const { desk, clock } = open();
    const first = submitted(desk, 'told again');
    submitted(desk, 'old');
    clock.seconds += 3600;
    desk.remember('told again', first);
    clock.seconds += 23 * 3600;
    desk.sweep();
    expect(desk.find('old')).toBeUndefined();
    expect(desk.find('told again')).toBe(first);
  });
});

describe('more jobs than the desk remembers', () => {
  it('push out the oldest ones and what was suspected of them, however long nobody collects', () => {
    const { desk, ended, watched } = open();
    submitted(desk, 'first').suspect(new TypeError('fetch failed'));
    const waitedFor = submitted(desk, 'second');
    waitedFor.watchers += 1;
    for (let i = 0; i < 10_001; i += 1) submitted(desk, `job-${i}`);
    expect(desk.find('first')).toBeUndefined();
    expect(desk.find('second')).toBeUndefined();
    expect(desk.find('job-0')).toBeUndefined();
    expect(desk.find('job-1')).toBeDefined();
    expect(ended).toMatchObject([{ record: { errorType: 'network_error' } }]);
    expect(watched()).toBe(10_001);
  });
});

describe('a guess whose exchange it is', () => {
  it('goes by the id in the path, wherever there is one', () => {
    const { desk } = open();
    const request = submitted(desk, 'a');
    desk.begin(RUN, { isAttached: true });
    expect(desk.guess('status', '/fal-ai/flux/requests/a/status')).toBe(request);
    expect(desk.guess('result', '/fal-ai/flux/requests/a')).toBe(request);
    expect(desk.guess('result', '/fal-ai/flux/requests/b')).toBeUndefined();
  });

  it('goes by endpoint and operation, and leaves other hosts alone', () => {
    const { desk } = open();
    const run = desk.begin(RUN, { isAttached: true });
    const subscribe = desk.begin({ endpointId: ENDPOINT, operation: 'subscribe' }, { isAttached: true });
    const stream = desk.begin({ endpointId: ENDPOINT, operation: 'stream' }, { isAttached: true });
    expect(desk.guess('submit', `/${ENDPOINT}`)).toBe(subscribe);
    expect(desk.guess('run', `/${ENDPOINT}`)).toBe(run);
    expect(desk.guess('stream', `/${ENDPOINT}/stream`)).toBe(stream);
    expect(desk.guess('run', '/fal-ai/other')).toBeUndefined();
    expect(desk.guess('upload', '/storage/upload/initiate')).toBeUndefined();
  });

  it('gives each of several alike its own first exchange', () => {
    const { desk } = open();
    const [first, second] = [desk.begin(RUN, { isAttached: true }), desk.begin(RUN, { isAttached: true })];
    expect(desk.guess('run', `/${ENDPOINT}`)).toBe(first);
    first.attemptStarted('run');
    expect(desk.guess('run', `/${ENDPOINT}`)).toBe(second);
    second.attemptStarted('run');
    // A repeated one; whose it is nobody can tell, but the labels are the same.
    expect([first, second]).toContain(desk.guess('run', `/${ENDPOINT}`));
    first.finish();
    expect(desk.guess('run', `/${ENDPOINT}`)).toBe(second);
  });
});
