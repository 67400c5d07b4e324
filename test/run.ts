/**
 * The tests of the whole repository, as `npm test` runs them: `node test/run.ts [--only STEP]… | --list`.
 * Exit code 0 when every step passed, 1 when one failed, 2 for an option that does not exist.
 */
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { checkNeeds, chosenSteps } from './runner/choose-steps.ts';
import { runSteps } from './runner/run-steps.ts';
import type { Step } from './runner/step.ts';
import { stepsOf } from './runner/steps.ts';
import { allPassed, summaryOf } from './runner/summary.ts';

const USAGE = 'usage: npm test [-- --only STEP …] [-- --list]';

interface Wish {
  readonly list: boolean;
  readonly only: readonly string[];
}

function wishOf(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string', multiple: true }, list: { type: 'boolean' } },
  });
  return { list: values.list ?? false, only: values.only ?? [] };
}

async function main(): Promise<number> {
  const say = (line: string): void => console.log(line);
  const all = stepsOf({ root: dirname(import.meta.dirname), env: process.env });
  checkNeeds(all);
  let steps: Step[];
  try {
    const wish = wishOf(process.argv.slice(2));
    if (wish.list) {
      for (const { name, about } of all) say(`${name.padEnd(16)} ${about}`);
      return 0;
    }
    steps = chosenSteps(all, wish.only);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  say(`Node ${process.version}, ${steps.length} steps`);
  const outcomes = await runSteps(steps, { say, monotonic: () => performance.now() });
  for (const line of summaryOf(steps, outcomes)) say(line);
  return allPassed(steps, outcomes) ? 0 : 1;
}

process.exitCode = await main();
