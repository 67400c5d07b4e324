import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** First line after the shebang, by which a policy that we left behind is known again. */
const SIGNATURE = '# Written by the tests of fal-observability while they install packages; safe to delete.';

/** Exit code 101 is "action forbidden by policy" (Debian's /usr/share/doc/init-system-helpers/README.policy-rc.d). */
const POLICY = `#!/bin/sh\n${SIGNATURE}\nexit 101\n`;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Forbids, through Debian's policy file, that packages start their services when they are installed: the tests
 * want the prometheus binary, not a Prometheus on port 9090. What was at `policyFile` is put aside and comes
 * back when the returned function is called, when the process ends, and when a signal ends it. After a
 * SIGKILL in between, the next call puts it back first.
 */
export function holdServices(policyFile: string): () => void {
  const aside = `${policyFile}.before-fal-observability-tests`;
  const restore = (): void => {
    if (isOurs(policyFile)) rmSync(policyFile);
    if (existsSync(aside)) renameSync(aside, policyFile);
  };
  restore();
  if (existsSync(policyFile)) renameSync(policyFile, aside);
  writeFileSync(policyFile, POLICY);
  chmodSync(policyFile, 0o755);
  return restoreAtTheLatest(restore);
}

function isOurs(policyFile: string): boolean {
  return existsSync(policyFile) && readFileSync(policyFile, 'utf8').includes(SIGNATURE);
}

/** Runs `restore` when the returned function is called, or when the process ends before that. */
function restoreAtTheLatest(restore: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    release();
    // Our own handler is gone now, so the signal has its usual effect.
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    process.removeListener('exit', release);
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    restore();
  };
  process.on('exit', release);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return release;
}
