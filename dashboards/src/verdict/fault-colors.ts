import { fixedColor, type Override } from '../grafana/index.ts';
import { VERDICTS } from './verdicts.ts';

/** Each fault in the colour of the verdict of the same name; the network, which no verdict names alone, in grey. */
export const FAULT_COLORS: readonly Override[] = [
  ...VERDICTS.filter(({ verdict }) => verdict !== 'ok').map(({ verdict, color }) => ({
    match: { name: verdict },
    set: { color: fixedColor(color) },
  })),
  { match: { name: 'network' }, set: { color: fixedColor('text') } },
];
