import { describe, expect, it } from 'vitest';
import type { DomainEvent } from './events.ts';
import { fanOut } from './fan-out.ts';

const event: DomainEvent = { kind: 'probe_run_started', at: 0, probe: 'p' };

describe('the fan-out of events', () => {
  it('reaches every sink in order, whatever one of them throws, and tells of it', () => {
    const [seen, troubles]: [string[], string[]] = [[], []];
    const emit = fanOut(
      [
        () => seen.push('first'),
        () => {
          throw new Error('broken');
        },
        () => seen.push('last'),
      ],
      (message) => troubles.push(message),
    );
    expect(() => emit(event)).not.toThrow();
    expect(seen).toEqual(['first', 'last']);
    expect(troubles).toEqual([expect.stringContaining('probe_run_started')]);
  });
});
