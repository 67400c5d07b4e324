import { describe, test } from 'vitest';
import { judge } from './judge.ts';
import { wireCells } from './wire-cells.ts';

const CHAINS = [
  'submit, status, result',
  'submit, subscribeToStatus, result',
  'submit, streamStatus, result',
  'cancel while it waits',
  'cancel while it runs on',
];

describe.each(CHAINS)('%s is recorded as it was', (chain) => {
  test.each(wireCells([chain]).map((cell) => [cell.fault, cell] as const))('under %s', async (_, cell) => {
    await judge(cell);
  });
});
