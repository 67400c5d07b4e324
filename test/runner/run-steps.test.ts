import { expect, test } from 'vitest';
import { runSteps } from './run-steps.ts';
import type { Step, StepResult, StepSurroundings } from './step.ts';
import { summaryOf } from './summary.ts';

/** Each look at this clock is 500 ms after the one before. */
function surroundings(): { said: string[]; say: (line: string) => void; monotonic: () => number } {
  const said: string[] = [];
  let now = 0;
  return { said, say: (line) => said.push(line.trim()), monotonic: () => (now += 500) };
}

const step = (name: string, result: StepResult | Error): Step => ({
  name,
  about: `about ${name}`,
  run: () => (result instanceof Error ? Promise.reject(result) : Promise.resolve(result)),
});

/** A step that ends when the test says so, or with a problem when it is told to stop. */
class HeldStep implements Step {
  readonly name: string;
  readonly about = 'held';
  readonly background?: boolean;
  readonly needs?: readonly string[];
  here: StepSurroundings | undefined;
  readonly #end = Promise.withResolvers<StepResult>();

  constructor(name: string, { background, needs }: Pick<Step, 'background' | 'needs'> = {}) {
    this.name = name;
    if (background !== undefined) this.background = background;
    if (needs !== undefined) this.needs = needs;
  }

  run(here: StepSurroundings): Promise<StepResult> {
    this.here = here;
    here.signal.addEventListener('abort', () => this.end({ problem: 'exit code 1' }));
    return this.#end.promise;
  }

  end(result: StepResult): void {
    this.#end.resolve(result);
  }
}

/** Until everything that can go on without the test has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('steps run in order, each named and timed', async () => {
  const around = surroundings();
  await runSteps([step('types', {}), step('unit', {})], around);
  expect(around.said).toEqual([
    '== 1/2 types: about types',
    '== types passed after 0.5 s',
    '== 2/2 unit: about unit',
    '== unit passed after 0.5 s',
  ]);
});

test('the first failure stops the run', async () => {
  const steps = [step('lint', {}), step('unit', { problem: '1 failed' }), step('stories', {})];
  expect(await runSteps(steps, surroundings())).toEqual([
    { name: 'lint', seconds: 0.5 },
    { name: 'unit', seconds: 0.5, problem: '1 failed' },
  ]);
});

test('an exception in a step is the failure of that step', async () => {
  const steps = [step('debian-packages', new Error('promtool is missing')), step('types', {})];
  expect(await runSteps(steps, surroundings())).toEqual([
    { name: 'debian-packages', seconds: 0.5, problem: 'promtool is missing' },
  ]);
});

test('a step writes to the screen, and one in the background is given a place for its output', async () => {
  const [types, lint] = [new HeldStep('types'), new HeldStep('lint', { background: true })];
  const run = runSteps([types, lint], surroundings());
  await settled();
  expect(types.here?.keep).toBeUndefined();
  expect(lint.here?.keep).toBeTypeOf('function');
  types.end({});
  lint.end({});
  await run;
});

test('what a step in the background writes is shown in one piece, between two others', async () => {
  const lint = new HeldStep('lint', { background: true });
  const [types, unit] = [new HeldStep('types'), new HeldStep('unit')];
  const around = surroundings();
  const run = runSteps([lint, types, unit], around);
  await settled();
  lint.here?.keep?.('12 files\n13 ');
  types.here?.say('types is at work');
  lint.here?.keep?.('files\n');
  lint.here?.say('all clean');
  lint.end({});
  await settled();
  types.here?.say('types is still at work');
  types.end({});
  await settled();
  unit.end({});
  await run;
  expect(around.said).toEqual([
    '== 1/3 lint starts in the background',
    '== 2/3 types: held',
    'types is at work',
    'types is still at work',
    '== types passed after 1.0 s',
    '== 1/3 lint: held',
    '12 files\n13 files\nall clean',
    '== lint passed after 1.0 s',
    '== 3/3 unit: held',
    '== unit passed after 0.5 s',
  ]);
});

test('a step waits, aloud, for those in the background that it needs', async () => {
  const install = new HeldStep('install', { background: true });
  const build = new HeldStep('build', { needs: ['install'] });
  const around = surroundings();
  const run = runSteps([install, step('types', {}), build], around);
  await settled();
  expect(build.here).toBeUndefined();
  expect(around.said.at(-1)).toBe('== waiting for install before build');
  install.end({});
  await settled();
  expect(around.said.slice(-3)).toEqual([
    '== 1/3 install: held',
    expect.stringMatching(/^== install passed/),
    '== 3/3 build: held',
  ]);
  build.end({});
  expect((await run).map(({ name }) => name)).toEqual(['types', 'install', 'build']);
});

test('a step in the background starts when those that it needs have passed', async () => {
  const install = new HeldStep('install', { background: true });
  const types = new HeldStep('types');
  const build = new HeldStep('build', { background: true, needs: ['install', 'types'] });
  const run = runSteps([install, types, build], surroundings());
  types.end({});
  await settled();
  expect(build.here).toBeUndefined();
  install.end({});
  await settled();
  expect(build.here).toBeDefined();
  build.end({});
  expect(await run).toHaveLength(3);
});

test('the run ends only when the background has', async () => {
  const lint = new HeldStep('lint', { background: true });
  const around = surroundings();
  let isOver = false;
  const run = runSteps([lint, step('types', {})], around).then(() => (isOver = true));
  await settled();
  expect(isOver).toBe(false);
  expect(around.said.at(-1)).toBe('== waiting for lint at last');
  lint.end({});
  await run;
  expect(around.said.at(-1)).toMatch(/^== lint passed/);
});

test('a failure in the background stops the step that runs, and is shown after its last word', async () => {
  const lint = new HeldStep('lint', { background: true });
  const unit = new HeldStep('unit');
  const around = surroundings();
  const steps = [lint, unit, step('stories', {})];
  const run = runSteps(steps, around);
  await settled();
  lint.here?.keep?.('a.ts: no such rule');
  lint.end({ problem: 'exit code 2' });
  const outcomes = await run;
  expect(unit.here?.signal.aborted).toBe(true);
  expect(around.said.map((line) => line.replace(/ after.*/, ''))).toEqual([
    '== 1/3 lint starts in the background',
    '== 2/3 unit: held',
    '== unit stopped',
    '== 1/3 lint: held',
    'a.ts: no such rule',
    '== lint FAILED',
  ]);
  expect(summaryOf(steps, outcomes).join('\n')).toMatch(/unit +stopped[^]*stories +not run/);
});

test('a failure stops what runs in the background, and what waits there never starts', async () => {
  const lint = new HeldStep('lint', { background: true });
  const build = new HeldStep('build', { background: true, needs: ['unit'] });
  const outcomes = await runSteps([lint, step('unit', { problem: '1 failed' }), build], surroundings());
  expect(outcomes).toEqual([
    { name: 'unit', seconds: expect.any(Number) as number, problem: '1 failed' },
    { name: 'lint', seconds: expect.any(Number) as number, isStopped: true },
  ]);
  expect(build.here).toBeUndefined();
});

test('a step that needs what failed does not run', async () => {
  const install = new HeldStep('install', { background: true });
  const build = new HeldStep('build', { needs: ['install'] });
  const run = runSteps([install, build], surroundings());
  await settled();
  install.end({ problem: 'exit code 1' });
  expect((await run).map(({ name }) => name)).toEqual(['install']);
  expect(build.here).toBeUndefined();
});

test('a step that had passed before it was told to stop has passed', async () => {
  const lint = new HeldStep('lint', { background: true });
  const unit: Step = {
    ...{ name: 'unit', about: 'ends well whatever it is told' },
    run: ({ signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({}), { once: true })),
  };
  const run = runSteps([lint, unit], surroundings());
  await settled();
  lint.end({ problem: 'exit code 1' });
  expect((await run).find(({ name }) => name === 'unit')).toEqual({
    name: 'unit',
    seconds: expect.any(Number) as number,
  });
});
