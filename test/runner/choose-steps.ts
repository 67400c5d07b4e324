import type { Step } from './step.ts';

/**
 * The steps asked for, in their usual order; all of them when none is named. What they need and nobody asked for is
 * taken as done. Throws an Error for a name that no step has.
 */
export function chosenSteps(steps: readonly Step[], only: readonly string[]): Step[] {
  const unknown = only.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Error(`no step ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`);
  }
  return steps
    .filter(({ name }) => only.length === 0 || only.includes(name))
    .map((step) => (only.length === 0 ? step : withNeedsAmong(step, only)));
}

function withNeedsAmong(step: Step, names: readonly string[]): Step {
  const { needs } = step;
  return needs === undefined ? step : { ...step, needs: needs.filter((name) => names.includes(name)) };
}

/**
 * Throws an Error unless every name is there once and every need is a step above: then no step can wait for ever.
 */
export function checkNeeds(steps: readonly Step[]): void {
  const above = new Set<string>();
  for (const { name, needs = [] } of steps) {
    if (above.has(name)) throw new Error(`two steps are called ${name}`);
    for (const need of needs) {
      if (!above.has(need)) throw new Error(`the step ${name} needs ${need}, which is not a step above it`);
    }
    above.add(name);
  }
}
