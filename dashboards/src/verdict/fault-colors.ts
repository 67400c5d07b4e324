import type { Fault } from 'opentelemetry-instrumentation-fal/core';
import { fixedColor, type Override } from '../grafana/index.ts';
import { lookOf } from './verdicts.ts';

/** Each fault in the colour of the verdict of the same name; the network, which no verdict names alone, as text. */
export const FAULT_COLOR: Readonly<Record<Fault, string>> = {
  app: colorOf('app'),
  account: colorOf('account'),
  model: colorOf('model'),
  platform: colorOf('platform'),
  network: 'text',
  unknown: colorOf('unknown'),
};

export const FAULT_COLORS: readonly Override[] = Object.entries(FAULT_COLOR).map(([name, color]) => ({
  match: { name },
  set: { color: fixedColor(color) },
}));

function colorOf(verdict: string): string {
  return lookOf(verdict)?.color ?? 'text';
}
