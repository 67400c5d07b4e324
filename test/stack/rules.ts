import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildPack, defaultSettings, prometheusFiles } from 'fal-alert-rules';

const SHIPPED = join(dirname(dirname(import.meta.dirname)), 'alert-rules', 'prometheus', '*.yml');

export interface RuleFolder {
  /** For `rule_files`. */
  readonly pattern: string;
  /** What has to be removed afterwards; absent for the shipped files. */
  readonly folder?: string;
}

/**
 * The shipped rules; or, to see in seconds what takes minutes, the same expressions with every duration divided by
 * `speedUp`.
 */
export function ruleFolder(speedUp: number): RuleFolder {
  if (speedUp === 1) return { pattern: SHIPPED };
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-rules-'));
  mkdirSync(join(folder, 'prometheus'));
  for (const { path, text } of prometheusFiles(
    buildPack({ settings: defaultSettings(), timeScale: speedUp }),
  )) {
    writeFileSync(join(folder, path), text);
  }
  return { pattern: join(folder, 'prometheus', '*.yml'), folder };
}
