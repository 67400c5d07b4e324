import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALERTS } from '../catalogue.ts';
import type { FiresCase, ResolvesCase, RuleCase } from './rule-case.ts';

/** Every case of every scope: all that the `*.cases.ts` below this folder export. */
export async function allCases(): Promise<RuleCase[]> {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.cases.ts'))
    .toSorted();
  const modules = await Promise.all(
    files.map(async (path) => (await import(join(import.meta.dirname, path))) as Record<string, RuleCase[]>),
  );
  return modules.flatMap((each) => Object.values(each).flat());
}

/**
 * How soon a fault is told and how soon its end, as promtool has asserted case by case: a table in Markdown, in the
 * order of the catalogue.
 */
export function detectionTable(cases: readonly RuleCase[]): string {
  const rows = ALERTS.flatMap(({ name, severity }) =>
    cases
      .filter((each) => each.kind === 'fires')
      .filter((each) => each.alert === name && each.fault !== undefined)
      .map((each) => [name, severity, each.fault, after(each.firesAfter), cleared(each, cases)]),
  );
  const lines = [
    ['alert', 'severity', 'fault', 'detected after', 'cleared after'],
    Array(5).fill('---'),
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cleared({ alert, fault }: FiresCase, cases: readonly RuleCase[]): string {
  const end = cases
    .filter((each): each is ResolvesCase => each.kind === 'resolves')
    .find((each) => each.alert === alert && each.fault === fault);
  return end === undefined ? '' : after(end.resolvesAfter);
}

/** `2 min 45 s`, `16 h`, `0 s`. */
function after(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return told.length === 0 ? '0 s' : told.join(' ');
}
