/**
 * One thing that is wrong with the configuration, told so that a person can mend it. Never holds a key, nor
 * anything from a probe's input.
 */
export interface Problem {
  /** Which option, such as `probes[1].interval`; or the name of a variable or a flag; empty for a whole file. */
  readonly path: string;
  /** The file it stands in, as the user named it. */
  readonly file?: string | undefined;
  /** Counted from 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** What is there: `got 5`, `missing`, `unknown key \`intervall\``. */
  readonly found: string;
  /** What should be there, without the word "expected". */
  readonly expected?: string | undefined;
  /** What to write instead, or what to try. */
  readonly hint?: string | undefined;
  readonly excerpt?: Excerpt | undefined;
}

/** The line of the file, cut behind the offending part; what may be private is already replaced. */
export interface Excerpt {
  readonly text: string;
  /** Where the underline begins, counted from 0 in characters of `text`, and how long it is. */
  readonly from: number;
  readonly length: number;
}

/** The problem in one line, without its place: for the log, the status page and events. */
export function problemSentence({ path, found, expected, hint }: Problem): string {
  const subject = path === '' ? '' : `${path}: `;
  const wanted = expected === undefined ? '' : `, expected ${expected}`;
  return `${subject}${found}${wanted}${hint === undefined ? '' : `; ${hint}`}`;
}

/** Every problem in one line with its place, such as `fal-exporter.yml:7:15 probes[1].interval: got 5, …`. */
export function problemLines(problems: readonly Problem[]): string[] {
  return problems.map((problem) => [placeOf(problem), problemSentence(problem)].filter(Boolean).join(' '));
}

/** All problems for a terminal: how many, then one block for each, with the offending part underlined. */
export function formatProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [`${count} in the configuration`, ...problems.map(formatProblem)].join('\n\n') + '\n';
}

function formatProblem(problem: Problem): string {
  const head = [placeOf(problem), problem.path].filter(Boolean).join(' ');
  const sentence = problemSentence({ ...problem, path: '' });
  if (problem.excerpt === undefined || problem.line === undefined) return `${head}\n  ${sentence}`;
  const { text, from, length } = problem.excerpt;
  const number = String(problem.line);
  const gap = ' '.repeat(number.length);
  const underline = `${' '.repeat(from)}${'^'.repeat(Math.max(1, length))}`;
  return `${head}\n  ${sentence}\n    ${number} | ${text}\n    ${gap} | ${underline}`;
}

function placeOf({ file, line, column }: Problem): string {
  if (file === undefined) return '';
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}
