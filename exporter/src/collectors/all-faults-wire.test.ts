import { ERROR_TABLE, WIRE_FAULTS } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { COLLECTOR_NAMES } from '../domain/collector-name.ts';
import { NIGHT_TIMEOUT_MS, problemsOfNight, problemsOfStart, wireFault } from './test-fault-story.ts';
import { COLLECTED_HOSTS, type CollectedHost, touchOfWire } from './test-fault-table.ts';

const FAULTS = WIRE_FAULTS.filter((fault) => fault !== 'error');
const STRIKING = FAULTS.filter((fault) => touchOfWire(fault, COLLECTED_HOSTS).breaks.length > 0);
const HARMLESS = FAULTS.filter((fault) => !STRIKING.includes(fault));
/** The platform by itself; the other two have nothing in common, so one night does for both. */
const HOSTS: readonly (readonly CollectedHost[])[] = [['api.fal.ai'], ['rest.fal.ai', 'status.fal.ai']];
const STRIKES = STRIKING.flatMap((fault) => HOSTS.map((hosts) => ({ fault, hosts })));

/** One type of error for each status that fal answers with. */
const ERRORS = new Map(Object.entries(ERROR_TABLE).map(([errorType, { status }]) => [status, errorType]));

const options = { timeout: NIGHT_TIMEOUT_MS };

describe('all collectors, through a night in which the wire of some hosts is broken', options, () => {
  it.each(STRIKES)(
    'show nothing but the truth, and all of it again afterwards: $fault at $hosts',
    async ({ fault, hosts }) => {
      const broken = wireFault({ fault, hosts });
      expect(await problemsOfNight(broken, touchOfWire(fault, hosts))).toEqual([]);
    },
  );

  it.each(HARMLESS)('take no notice of what spoils no answer of theirs: %s', async (fault) => {
    expect(await problemsOfNight(wireFault({ fault, hosts: COLLECTED_HOSTS }), { breaks: [] })).toEqual([]);
  });

  it.each([...ERRORS])(
    'say that they are refused, and invent no reason for it: %i %s',
    async (_status, errorType) => {
      const broken = wireFault({ fault: 'error', errorType, hosts: COLLECTED_HOSTS });
      expect(await problemsOfNight(broken, { breaks: COLLECTOR_NAMES })).toEqual([]);
    },
  );
});

describe('all collectors that start while the wire of some hosts is broken', options, () => {
  it.each(STRIKES)(
    'show nothing of what they have never read: $fault at $hosts',
    async ({ fault, hosts }) => {
      const broken = wireFault({ fault, hosts });
      expect(await problemsOfStart(broken, touchOfWire(fault, hosts))).toEqual([]);
    },
  );

  it.each([...ERRORS])('show nothing of what they were refused: %i %s', async (_status, errorType) => {
    const broken = wireFault({ fault: 'error', errorType, hosts: COLLECTED_HOSTS });
    expect(await problemsOfStart(broken, { breaks: COLLECTOR_NAMES })).toEqual([]);
  });
});
