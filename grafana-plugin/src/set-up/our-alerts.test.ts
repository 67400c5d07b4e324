import { describe, expect, it } from 'vitest';
import { ALERTS } from '../../../alert-rules/src/index.ts';
import { OUR_ALERTS } from './our-alerts.ts';

describe('OUR_ALERTS', () => {
  it('are those of the catalogue that are on by default, but for the dead-man switch', () => {
    const on = ALERTS.filter(({ enabled, name }) => enabled && name !== 'Watchdog').map(({ name }) => name);
    expect(OUR_ALERTS).toEqual(on);
  });
});
