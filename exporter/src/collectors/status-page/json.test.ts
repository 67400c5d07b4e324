import { describe, expect, it } from 'vitest';
import { readComponents, readSummary } from './json.ts';
import type { StatusPageReading } from './reading.ts';

const NOW = Date.parse('2026-10-01T12:00:00Z');
const HOUR = 3_600_000;

function summary(parts: object): StatusPageReading | undefined {
  return readSummary(JSON.stringify({ page: { status: 'HASISSUES' }, ...parts }), NOW);
}

describe('a summary in JSON', () => {
  it('is read in the form of Instatus, unknown fields and all', () => {
    const reading = summary({
      theme: { dark: true },
      activeIncidents: [
        {
          name: 'Slow queues',
          started: '2026-10-01T11:00:00.000Z',
          status: 'MONITORING',
          impact: 'MAJOROUTAGE',
          url: 'https://status.fal.ai/incident/abc?token=1#x',
          updatedAt: null,
        },
      ],
      activeMaintenances: [{ name: 'Database', status: 'INPROGRESS' }],
    });
    expect(reading).toEqual({
      overall: 'issues',
      components: undefined,
      incidents: [
        {
          title: 'Slow queues',
          impact: 'critical',
          since: NOW - HOUR,
          url: 'https://status.fal.ai/incident/abc',
        },
      ],
    });
  });

  it('is read in the form of Statuspage, where headings are no components', () => {
    const body = {
      page: { id: 'x', name: 'fal' },
      status: { indicator: 'minor', description: 'Partially Degraded Service' },
      components: [
        { name: 'API', status: 'degraded_performance', group: false },
        { name: 'All', status: 'major_outage', group: true },
        { name: 'Queue', status: 'under_maintenance' },
      ],
      incidents: [
        { name: 'Errors', status: 'investigating', impact: 'minor', created_at: '2026-10-01T11:00:00Z' },
        { name: 'Old', status: 'resolved', impact: 'critical' },
        { name: 'Older', status: 'postmortem', impact: 'critical' },
      ],
    };
    expect(readSummary(JSON.stringify(body), NOW)).toEqual({
      overall: 'issues',
      components: [
        { name: 'API', state: 'degraded' },
        { name: 'Queue', state: 'maintenance' },
      ],
      incidents: [{ title: 'Errors', impact: 'minor', since: NOW - HOUR, url: undefined }],
    });
  });

  it('counts an incident of an unknown impact as minor, and keeps no start in the future and no odd link', () => {
    const entry = { name: 'X', impact: 'PURPLE', started: '2027-01-01', url: 'javascript:alert(1)' };
    expect(summary({ activeIncidents: [entry, { name: 7 }, null, 'x', { name: ' \u0000 ' }] })).toMatchObject(
      {
        incidents: [{ title: 'X', impact: 'minor', since: undefined, url: undefined }],
      },
    );
  });

  it.each([
    '',
    'null',
    '[]',
    '"UP"',
    '{}',
    '{"page":{}}',
    '{"page":{"status":""}}',
    '{"page":{"status":7}}',
    '{"page":{"status":"UP"},"activeIncidents":{}}',
    '{"page":{"status":"UP"},"activeIncidents":"none"}',
    '{"page":{"status":"UP"}',
    '['.repeat(100_000),
  ])('is none in %s', (body) => {
    expect(readSummary(body, NOW)).toBeUndefined();
  });

  it('says nothing of everything together when the word is new', () => {
    expect(readSummary('{"page":{"status":"PARTLY"}}', NOW)).toEqual({ incidents: [] });
  });
});

describe('a list of components', () => {
  const listOf = (components: readonly unknown[]): ReturnType<typeof readComponents> =>
    readComponents(JSON.stringify({ components }));

  it('knows every state of Instatus, and calls any other unknown', () => {
    const words = [
      'OPERATIONAL',
      'DEGRADEDPERFORMANCE',
      'MINOROUTAGE',
      'PARTIALOUTAGE',
      'MAJOROUTAGE',
      'UNDERMAINTENANCE',
      'ON_FIRE',
      7,
    ];
    const states = listOf(words.map((status, index) => ({ name: `c${index}`, status })))?.map(
      ({ state }) => state,
    );
    expect(states).toEqual([
      'operational',
      'degraded',
      'partial_outage',
      'partial_outage',
      'major_outage',
      'maintenance',
      'unknown',
      'unknown',
    ]);
  });

  it('names each component once, with the worst of its states', () => {
    const api = (status: string): object => ({ name: 'API', status });
    expect(listOf([api('OPERATIONAL'), api('MAJOROUTAGE'), api('ON_FIRE')])).toEqual([
      { name: 'API', state: 'major_outage' },
    ]);
  });

  it('keeps fifty at most, those in trouble first, with names of 64 characters at most', () => {
    const many = Array.from({ length: 80 }, (_, index) => ({
      name: `${index} \u0007${'n'.repeat(100)}`,
      status: index === 79 ? 'MAJOROUTAGE' : 'OPERATIONAL',
    }));
    const components = listOf(many) ?? [];
    expect(components).toHaveLength(50);
    expect(components[0]).toEqual({ name: `79 ${'n'.repeat(60)}…`, state: 'major_outage' });
  });

  it.each(['', '{}', '{"components":{}}', '7', '{"components":[]}', '[{"status":"OPERATIONAL"}]'])(
    'is none in %s',
    (body) => {
      expect(readComponents(body)).toBeUndefined();
    },
  );
});
