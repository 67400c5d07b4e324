import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { checkNeeds, chosenSteps } from './choose-steps.ts';
import type { Step } from './step.ts';
import { stepsOf } from './steps.ts';

const step = (name: string, ...needs: string[]): Step => ({
  ...{ name, about: '', run: () => Promise.resolve({}) },
  ...(needs.length > 0 && { needs }),
});

const STEPS = [step('install'), step('types'), step('build', 'install', 'types')];
const namesOf = (steps: readonly Step[]): string[] => steps.map(({ name }) => name);

test('without a wish, all steps are taken as they are', () => {
  expect(chosenSteps(STEPS, [])).toEqual(STEPS);
});

test('the steps asked for come in their own order', () => {
  expect(namesOf(chosenSteps(STEPS, ['build', 'install']))).toEqual(['install', 'build']);
});

test('what a step needs and nobody asked for is taken as done', () => {
  expect(chosenSteps(STEPS, ['build'])[0]?.needs).toEqual([]);
  expect(chosenSteps(STEPS, ['types', 'build'])[1]?.needs).toEqual(['types']);
});

test('a step that does not exist is named, with those that do', () => {
  expect(() => chosenSteps(STEPS, ['tpyes'])).toThrow('no step tpyes; there are install, types, build');
});

test.each([
  { steps: STEPS, refused: undefined },
  { steps: [step('build', 'instal')], refused: 'build needs instal' },
  { steps: [step('build', 'install'), step('install')], refused: 'not a step above' },
  { steps: [step('build', 'build')], refused: 'build needs build' },
  { steps: [step('types'), step('types')], refused: 'two steps are called types' },
])('needs that cannot be met are refused: $refused', ({ steps, refused }) => {
  const check = (): void => checkNeeds(steps);
  if (refused === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(refused);
});

test('the steps of this repository can all be met', () => {
  const root = dirname(dirname(import.meta.dirname));
  const steps = stepsOf({ root, env: {} });
  expect(namesOf(steps)).toEqual(expect.arrayContaining(['types', 'lint', 'layers', 'unit', 'stories']));
  expect(() => checkNeeds(steps)).not.toThrow();
});
