import type { Clock } from './domain/clock.ts';

/** How serious a line is. */
export type LogLevel = 'info' | 'warn' | 'error';

/** One line per call: what happened, and facts about it. */
export interface Log {
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
}

export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

export interface LogOptions {
  readonly clock: Clock;
  readonly write: (line: string) => void;
  /** Takes every key out of a line before it is written. */
  readonly redact: (text: string) => string;
}

/** Lines such as `2026-11-21T10:00:00.000Z warn  probe failed  probe=flux-dev error_type=runner_disconnected`. */
export function createLog({ clock, write, redact }: LogOptions): Log {
  const line = (level: LogLevel, message: string, facts: LogFacts = {}): void => {
    const pairs = Object.entries(facts).filter(([, value]) => value !== undefined);
    const tail = pairs.map(([name, value]) => ` ${name}=${quoted(String(value))}`).join('');
    const head = `${new Date(clock.now()).toISOString()} ${level.padEnd(5)} ${oneLine(message)}`;
    write(redact(`${head}${tail === '' ? '' : ` ${tail}`}\n`));
  };
  return {
    info: (message, facts) => line('info', message, facts),
    warn: (message, facts) => line('warn', message, facts),
    error: (message, facts) => line('error', message, facts),
  };
}

/** A remote party must not be able to forge a second line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function quoted(text: string): string {
  const safe = oneLine(text);
  return /^[\w.:/@-]+$/.test(safe) ? safe : JSON.stringify(safe);
}
