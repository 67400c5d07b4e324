import { ERROR_TABLE } from 'fal-simulator';
import { describe, test } from 'vitest';
import type { Cell } from './cell.ts';
import { underError } from './expected.ts';
import { judge } from './judge.ts';
import { chainNamed } from './methods.ts';

const CHAINS = ['run', 'subscribe', 'subscribe by streaming', 'submit, status, result', 'stream'];
const TYPES = Object.keys(ERROR_TABLE);

describe.each(CHAINS)('%s is recorded as it was', (name) => {
  const chain = chainNamed(name);

  test.each(TYPES)('when fal answers %s', async (errorType) => {
    await judge({
      chain,
      fault: errorType,
      arrange: ({ simulator }) => simulator.engine.failRate({ errorType, rate: 1, final: true }),
      expected: underError(chain, errorType),
    } satisfies Cell);
  });

  test.each(['concurrent_requests_limit', 'rate_limited', 'service_unavailable'])(
    'when fal answers %s twice, and then does what it is asked',
    async (errorType) => {
      await judge({
        chain,
        fault: `${errorType} twice`,
        arrange: ({ simulator }) => simulator.engine.failNext({ errorType, times: 2 }),
        expected: underError(chain, errorType),
      } satisfies Cell);
    },
  );
});
