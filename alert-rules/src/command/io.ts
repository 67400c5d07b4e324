/** Files as a command needs them; handed in, so that tests run commands on a folder of their own or none. */
export interface Files {
  /** Undefined when there is no such file. Throws when it cannot be read. */
  read(path: string): string | undefined;
  /** Replaces the file as a whole or not at all, and makes its folder. */
  write(path: string, text: string): void;
  remove(path: string): void;
}

/** What a command may touch of the process it runs in. */
export interface CommandIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly cwd: string;
  readonly files: Files;
  /** Where rules are generated into unless told otherwise: the package itself. */
  readonly packageFolder: string;
}

/** Exit codes. `unusable`: an override file or a folder that cannot be used; nothing was written. */
export const EXIT = { ok: 0, unusable: 1, usage: 2, differs: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
