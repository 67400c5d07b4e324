import { excerptOf, mayHoldSecret } from './excerpt.ts';
import type { Problem } from './problem.ts';
import type { Redact } from './redact.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Span, SyntaxProblem } from './yaml-tree.ts';

/** What is wrong at one place, before it is told. */
export interface Finding {
  readonly path: string;
  readonly found: string;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
}

interface Found {
  readonly finding: Finding;
  readonly span: Span | undefined;
  readonly isWhole: boolean;
}

const MAX_PROBLEMS = 50;
const MAX_SHOWN = 40;

/**
 * Gathers what is wrong with a file while it is read, and tells it at the end, when it is known what of the
 * file must not be shown.
 */
export class Findings {
  readonly #file: string;
  readonly #source: YamlSource;
  readonly #redact: Redact;
  readonly #places = new Map<string, Span>();
  readonly #hidden: Span[] = [];
  readonly #found: Found[] = [];

  constructor(file: string, source: YamlSource, redact: Redact) {
    this.#file = file;
    this.#source = source;
    this.#redact = redact;
  }

  get count(): number {
    return this.#found.length;
  }

  /** Remembers where an option stands, for whatever is found out about it later. */
  locate(path: string, span: Span): void {
    this.#places.set(path, span);
  }

  /** A part of the file that no excerpt may show. */
  hide(span: Span): void {
    this.#hidden.push(span);
  }

  /**
   * Something about an option; shown where it stands, or where the nearest thing around it stands. Dropped when
   * something was found about the same option before, or about what it is part of: that is the cause.
   */
  add(finding: Finding): void {
    if (this.#found.some((earlier) => isPartOf(finding.path, earlier.finding.path))) return;
    this.addAt(this.#placeOf(finding.path), finding);
  }

  addAt(span: Span | undefined, finding: Finding): void {
    this.#found.push({ finding, span, isWhole: false });
  }

  /** Wrong YAML: belongs to no option, and its whole line is shown but for what is hidden. */
  addSyntax({ span, found, hint }: SyntaxProblem): void {
    this.#found.push({ finding: { path: '', found, hint }, span, isWhole: true });
  }

  /** A text from the file, fit to be shown: short, on one line, and without anything like a key. */
  shown(text: string): string {
    const redacted = this.#redact(text);
    if (mayHoldSecret(redacted)) return '[redacted]';
    const letters = [...redacted.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')];
    return letters.length <= MAX_SHOWN ? letters.join('') : `${letters.slice(0, MAX_SHOWN - 1).join('')}…`;
  }

  /** All problems in the order of the file. */
  problems(): Problem[] {
    const inOrder = [...this.#found].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
    const told = inOrder.slice(0, MAX_PROBLEMS).map((found) => this.#problem(found));
    const rest = inOrder.length - told.length;
    return rest === 0 ? told : [...told, { path: '', file: this.#file, found: `and ${rest} more problems` }];
  }

  #problem({ finding, span, isWhole }: Found): Problem {
    if (span === undefined) return { file: this.#file, ...finding };
    const { line, column } = this.#source.place(span.start);
    const { text } = this.#source;
    const excerpt = excerptOf({ text, span, isWhole, hidden: this.#hidden, redact: this.#redact });
    return { file: this.#file, line, column, ...finding, excerpt };
  }

  #placeOf(path: string): Span | undefined {
    for (let at = path; at !== ''; at = at.replace(/(?:^|[.[])[^.[]*$/, '')) {
      const span = this.#places.get(at);
      if (span !== undefined) return span;
    }
    return this.#places.get('');
  }
}

function isPartOf(path: string, whole: string): boolean {
  if (whole === '' || !path.startsWith(whole)) return false;
  return ['', '.', '['].includes(path.slice(whole.length, whole.length + 1));
}
