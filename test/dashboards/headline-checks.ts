import { expect } from 'vitest';
import type { PastName } from '../history/pasts.ts';
import { ask } from './ask-panel.ts';
import type { ValueCheck } from './value-checks.ts';

/** What the first tile of the overview must say, in so many words or others. */
const SAYS: Readonly<Partial<Record<PastName, RegExp>>> = {
  ordinary: /^All well$/,
  outage: /^fal: every model/,
  'slow-model': /^fal: flux\/dev failing or slow$/,
  'queue-stall': /^fal: flux\/dev/,
  // Every slot is taken, so the probes stand back: whoever says that they succeed has not looked.
  'stuck-slots': /slot|stuck/i,
  // Half of the probes fail as well, so it depends on the last few of them.
  'sick-model': /flux\/dev/,
  locked: /account is locked/,
  'app-bug': /^Your app sends bad requests: clarity-upscaler$/,
  quiet: /^All well$/,
  'no-admin-key': /^All well$/,
};

/** Whose problem it is, in the past that shows it. */
export const HEADLINE_CHECKS: readonly ValueCheck[] = Object.entries(SAYS).map(([past, says]) => ({
  past: past as PastName,
  what: 'whose problem it is',
  check: async (scene) => {
    const tile = await ask(scene, 'fal-overview', 'Whose problem is it?');
    expect(tile.map(({ labels }) => labels.says).join(', ')).toMatch(says);
  },
}));
