import { nearestName } from './nearest-name.ts';

/** Something that the user can put right: shown as one line, without a stack. */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';
}

/** An unknown name, with the nearest known one. */
export function unknownName(
  kind: string,
  typed: string,
  known: readonly string[],
  advice: string,
): CommandProblem {
  const nearest = nearestName(typed, known);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return new CommandProblem(`no such ${kind}: ${typed}${hint} (${advice})`);
}

/** Why the server could not listen. */
export function listenProblem(error: unknown, host: string, port: number): CommandProblem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const place = `${host}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return new CommandProblem(
        `cannot listen on ${place}: the port is in use; stop what uses it, or choose another with --port (0 takes a free one)`,
      );
    case 'EACCES':
      return new CommandProblem(`cannot listen on ${place}: not allowed; choose a --port above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandProblem(`cannot listen on ${place}: this machine has no such address; check --host`);
    default:
      return new CommandProblem(
        `cannot listen on ${place}: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
  }
}
