/** What one check found. `warn` works but wants attention; `off` is not set up, which is no fault. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail' | 'off';
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

const MARKS = { ok: '✓', warn: '!', fail: '✗', off: '–' } as const;

/** Findings as a list for people: mark, name, what was found; the remedy on a line of its own. */
export function tellFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, state, text, remedy }) => {
    const line = `${MARKS[state]} ${name.padEnd(width)}  ${text}`;
    return remedy === undefined ? [line] : [line, `${' '.repeat(width + 4)}→ ${remedy}`];
  });
  const failed = findings.filter(({ state }) => state === 'fail').length;
  const end =
    failed === 0 ? 'Everything that is set up works.' : `${failed} of ${findings.length} checks failed.`;
  return `${lines.join('\n')}\n\n${end}\n`;
}

export function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ state }) => state === 'fail');
}
