export interface Instruction {
  /** Upper case: FROM, RUN, COPY … */
  readonly keyword: string;
  readonly value: string;
}

/** The instructions of a Dockerfile, continued lines joined, comments and blank lines left out. */
export function instructionsOf(dockerfile: string): Instruction[] {
  return dockerfile
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [keyword = '', ...rest] = line.trim().split(/\s+/);
      return { keyword: keyword.toUpperCase(), value: rest.join(' ') };
    });
}

/** The build stages, each from its FROM to before the next. */
export function stagesOf(instructions: readonly Instruction[]): Instruction[][] {
  const stages: Instruction[][] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages;
}

/** What the COPY instructions take from the build context (not from another stage). */
export function copiedPaths(instructions: readonly Instruction[]): string[] {
  return instructions
    .filter(({ keyword, value }) => keyword === 'COPY' && !value.startsWith('--from='))
    .flatMap(({ value }) => value.split(' ').slice(0, -1));
}

/**
 * Whether a .dockerignore keeps `path` out of the build context: patterns are read in order, one that fits the
 * path or a folder above it counts, `!` takes back, and the last one wins
 * (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 */
export function isIgnored(dockerignore: string, path: string): boolean {
  const parts = path.split('/');
  const ancestry = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .reduce((ignored, line) => {
      const isException = line.startsWith('!');
      const pattern = isException ? line.slice(1) : line;
      return ancestry.some((each) => expressionOf(pattern).test(each)) ? !isException : ignored;
    }, false);
}

/** Unlike a shell's, these patterns let `*` stand for names that begin with a dot. */
function expressionOf(pattern: string): RegExp {
  const meaning: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '*': '[^/]*', '?': '[^/]' };
  const source = pattern.replaceAll(/\*\*\/|[*?]|[.+^${}()|[\]\\]/g, (part) => meaning[part] ?? `\\${part}`);
  return new RegExp(`^${source}$`);
}
