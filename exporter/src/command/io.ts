/** What a command may touch of the process it runs in; handed in, so that tests run commands as functions. */
export interface CommandIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborts when the user wants the command to end (Ctrl-C, SIGTERM). */
  readonly signal: AbortSignal;
  /** Calls back when the user asks for a reload (SIGHUP). */
  readonly onReload: (callback: () => void) => void;
  /** Calls back for an error that nobody caught: a defect. */
  readonly onDefect: (callback: (error: unknown) => void) => void;
  readonly randomUuid: () => string;
  /** See `relaunch.ts`; does not return when it starts the process anew. */
  readonly relaunchWhenCold: () => void;
}

/**
 * Exit codes of every command. `failed`: what was asked for did not work (a check, a probe run). `unusable`:
 * configuration, keys, port or state directory; nothing was started. `usage`: the command line itself.
 */
export const EXIT = { ok: 0, unusable: 1, usage: 2, failed: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
