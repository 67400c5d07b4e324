import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

describe('the log', () => {
  const clock = { now: () => 0, monotonic: () => 0, after: () => () => undefined };

  it('writes one line, without the key, whatever is put in', () => {
    const lines: string[] = [];
    const log = createLog({
      clock,
      write: (line) => lines.push(line),
      redact: (text) => text.replaceAll('s3cret', '[redacted]'),
    });
    log.warn('a\nb s3cret', { probe: 'flux-dev', text: 'two words\r\nforged', absent: undefined, count: 3 });
    expect(lines).toEqual([
      '1970-01-01T00:00:00.000Z warn  a b [redacted]  probe=flux-dev text="two words forged" count=3\n',
    ]);
  });
});
