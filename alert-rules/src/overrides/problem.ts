/** One thing that is wrong with an override file, told so that a person can mend it. */
export interface Problem {
  /** As the user named it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Which setting, such as `alerts.FalErrorRateHigh.threshold`; empty for the whole file. */
  readonly path: string;
  /** What is there: `got 5`, `unknown alert`. */
  readonly found: string;
  /** What should be there, without the word "expected". */
  readonly expected?: string | undefined;
  /** What to write instead. */
  readonly hint?: string | undefined;
}

/** What is wrong, without where. */
export type Finding = Pick<Problem, 'found' | 'expected' | 'hint'>;

/** One line: `fal-alerts.yml:3:16 alerts.FalErrorRateHigh.threshold: got 5, expected a share …; did you mean 5%?` */
export function problemLine({ file, line, column, path, found, expected, hint }: Problem): string {
  const subject = path === '' ? '' : `${path}: `;
  const wanted = expected === undefined ? '' : `, expected ${expected}`;
  return `${file}:${line}:${column} ${subject}${found}${wanted}${hint === undefined ? '' : `; ${hint}`}`;
}

/** Every problem on a line of its own, under how many there are. */
export function problemsText(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const [first] = problems;
  const where = first === undefined ? '' : ` in ${first.file}`;
  return `${count}${where}\n${problems.map((each) => `  ${problemLine(each)}\n`).join('')}`;
}
