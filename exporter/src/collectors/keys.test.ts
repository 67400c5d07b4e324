import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_COLLECTORS, COLLECTOR_NAMES } from '../domain/collector-name.ts';
import { KeyNotes, hasKeyFor, keyFor } from './keys.ts';

const ADMIN_OFF =
  'warn not read, because there is no ADMIN key: balance, billing-events and usage; set FAL_ADMIN_KEY or ' +
  'FAL_ADMIN_KEY_FILE to a key with ADMIN scope';
const BOTH = { falKey: 'a', falAdminKey: 'b' };

let lines: string[];
let notes: KeyNotes;

beforeEach(() => {
  lines = [];
  notes = new KeyNotes({
    warn: (message) => lines.push(`warn ${message}`),
    info: (message) => lines.push(`info ${message}`),
  });
});

describe('a note about a missing key', () => {
  it('names once what is off and how to mend it, however often the configuration is read', () => {
    for (let reload = 0; reload < 5; reload++) notes.tell(COLLECTOR_NAMES, { falKey: 'a' });
    expect(lines).toEqual([ADMIN_OFF]);
  });

  it('is written again only after the key came and went', () => {
    notes.tell(COLLECTOR_NAMES, { falKey: 'a' });
    notes.tell(COLLECTOR_NAMES, BOTH);
    notes.tell(COLLECTOR_NAMES, BOTH);
    notes.tell(COLLECTOR_NAMES, { falKey: 'rotated' });
    expect(lines).toEqual([
      ADMIN_OFF,
      'info read from now on, with an ADMIN key: balance, billing-events and usage',
      ADMIN_OFF,
    ]);
  });

  it('is not written when both keys are there, rotated or not', () => {
    notes.tell(COLLECTOR_NAMES, BOTH);
    notes.tell(COLLECTOR_NAMES, { falKey: 'c', falAdminKey: 'd' });
    expect(lines).toEqual([]);
  });

  it('names only what the configuration wants, and nothing when it wants none of it', () => {
    notes.tell(['pricing', 'models', 'usage'], { falKey: 'a' });
    expect(lines).toEqual([expect.stringContaining('no ADMIN key: usage; set')]);
    lines = [];
    notes = new KeyNotes({ warn: (message) => lines.push(message), info: (message) => lines.push(message) });
    notes.tell(['pricing', 'models', 'status-page'], { falKey: 'a' });
    expect(lines).toEqual([]);
  });

  it('tells of an API key that is missing as well', () => {
    notes.tell(COLLECTOR_NAMES, { falAdminKey: 'b' });
    expect(lines).toEqual([
      'warn not read, because there is no API key: lock, pricing, analytics, request-history and serverless-metrics; ' +
        'set FAL_KEY or FAL_KEY_FILE to a key with API scope',
    ]);
  });
});

describe('the key of a collector', () => {
  it('is the ADMIN key only for what no other key can read', () => {
    for (const name of COLLECTOR_NAMES) {
      expect([name, keyFor(name) === 'falAdminKey']).toEqual([name, ADMIN_COLLECTORS.has(name)]);
    }
  });

  it('is not needed for what is public', () => {
    expect(COLLECTOR_NAMES.filter((name) => hasKeyFor(name, {}))).toEqual(['models', 'status-page']);
  });
});
