import { describe, test } from 'vitest';
import type { Cell } from './cell.ts';
import { judge } from './judge.ts';
import { accountCells, meanwhileCells, modelCells } from './scenario-cells.ts';

const named = (cells: readonly Cell[]): (readonly [chain: string, fault: string, cell: Cell])[] =>
  cells.map((cell) => [cell.chain.name, cell.fault, cell] as const);

describe('scenarios of models and hosts are recorded as they were', () => {
  test.each(named(modelCells()))('%s under %s', async (_chain, _fault, cell) => {
    await judge(cell);
  });
});

describe('scenarios of accounts and keys are recorded as they were', () => {
  test.each(named(accountCells()))('%s under %s', async (_chain, _fault, cell) => {
    await judge(cell);
  });
});

describe('scenarios that begin in the midst of a request are recorded as they were', () => {
  test.each(named(meanwhileCells()))('%s under %s', async (_chain, _fault, cell) => {
    await judge(cell);
  });
});
