import { describe, expect, it } from 'vitest';
import { COLLECTOR_NAMES, type CollectorName } from '../domain/collector-name.ts';
import type { Disguise } from './test-fault-night.ts';
import type { Touch } from './test-fault-table.ts';
import { type Fault, NIGHT_TIMEOUT_MS, problemsOfNight, problemsOfStart } from './test-fault-story.ts';

/** All answers are others than fal's, until it is taken back. */
function disguised(disguise: Disguise): Fault {
  return (night) => {
    night.disguise = disguise;
    return () => void (night.disguise = undefined);
  };
}

const LOGIN =
  '<!doctype html>\n<html><head><title>Sign in to the network</title></head><body></body></html>\n';

function answer(status: number, body: string | null, type = 'text/html'): Disguise {
  return () => new Response(body, { status, headers: { 'content-type': type } });
}

const strange = (body: string): Disguise => answer(200, body, 'application/json');

/** Somebody on the way who answers in place of fal: nothing of it may be taken for an answer of fal. */
const STRANGERS: Readonly<Record<string, Disguise>> = {
  'a proxy that finds nothing, in HTML': answer(404, '<html><body>404 Not Found</body></html>'),
  'a proxy that finds nothing, in JSON': answer(404, '{"detail":"Not Found"}', 'application/json'),
  'a network that wants a login, by redirect': () =>
    new Response(null, { status: 302, headers: { location: 'https://login.example/' } }),
  'a network that wants a login, by its page': answer(200, LOGIN),
  'an empty object': strange('{}\n'),
  'an empty list': strange('[]\n'),
  'a text': strange('"maintenance"\n'),
  'a number': strange('0\n'),
  'an error that is called a success': strange('{"error":{"type":"server_error","message":"oops"}}\n'),
};

/** fal's own answers with every value of a kind replaced, as after a change of its API that nobody told of. */
function replaced(replace: (value: unknown) => unknown, spares = 'none'): Disguise {
  return async (real, { pathname }) => {
    const isJson = real.headers.get('content-type')?.includes('json') === true;
    if (!isJson || pathname.endsWith(spares)) return real;
    const body: unknown = await real.json();
    return Response.json(JSON.parse(JSON.stringify(body), (_name, value: unknown) => replace(value)));
  };
}

const isTime = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
const BILL: readonly CollectorName[] = ['billing-events', 'usage'];

interface Change {
  readonly disguise: Disguise;
  readonly touch: Touch;
}

const CHANGES: Readonly<Record<string, Change>> = {
  'numbers became texts': {
    disguise: replaced((value) => (typeof value === 'number' ? String(value) : value)),
    touch: { breaks: [...BILL, 'pricing', 'balance', 'analytics', 'request-history'] },
  },
  // What is not known may be null in analytics and in the request history.
  'numbers became null': {
    disguise: replaced((value) => (typeof value === 'number' ? null : value)),
    touch: { breaks: [...BILL, 'pricing', 'balance'] },
  },
  // Of all numbers only the balance may be: it is a debt then.
  'numbers are below zero': {
    disguise: replaced((value) => (typeof value === 'number' ? -1 - value : value), '/account/billing'),
    touch: { breaks: [...BILL, 'pricing', 'analytics'] },
  },
  // The sum of the month has none.
  'times became words': {
    disguise: replaced((value) => (isTime(value) ? 'a moment ago' : value)),
    touch: { breaks: [...BILL, 'analytics', 'request-history'], tells: { month: true } },
  },
  // A status page that is up has no list of incidents.
  'lists became objects': {
    disguise: replaced((value) => (Array.isArray(value) ? { items: value } : value)),
    touch: { breaks: [...BILL, 'pricing', 'models', 'analytics', 'request-history'] },
  },
};

const options = { timeout: NIGHT_TIMEOUT_MS };

describe('all collectors, while somebody answers in place of fal', options, () => {
  it.each(Object.entries(STRANGERS))(
    'say so, show nothing of it, and come back: %s',
    async (_name, disguise) => {
      expect(await problemsOfNight(disguised(disguise), { breaks: COLLECTOR_NAMES })).toEqual([]);
    },
  );

  it.each(Object.entries(STRANGERS))(
    'show nothing that they have never read: %s',
    async (_name, disguise) => {
      expect(await problemsOfStart(disguised(disguise), { breaks: COLLECTOR_NAMES })).toEqual([]);
    },
  );
});

describe('all collectors, while fal answers in another shape', options, () => {
  it.each(Object.entries(CHANGES))(
    'say so, invent nothing, and come back: %s',
    async (_name, { disguise, touch }) => {
      expect(await problemsOfNight(disguised(disguise), touch)).toEqual([]);
    },
  );
});
