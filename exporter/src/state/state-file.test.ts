import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeRunFinished } from '../domain/events.ts';
import { AdjustableClock } from './adjustable-clock.ts';
import { StateDirUnusableError, StateFullError, StateLockedError, StateTooNewError } from './state-error.ts';
import { type State, type StateOptions, openState } from './state-file.ts';

let root: string;
let dir: string;
const clock = new AdjustableClock();
const opened: State[] = [];

function open(options: Partial<StateOptions> = {}): State {
  const state = openState({ dir, clock, lockWaitMs: 0, ...options });
  opened.push(state);
  return state;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fal-state-'));
  dir = join(root, 'deep', 'state');
});

afterEach(() => {
  for (const state of opened.splice(0)) state.close();
  rmSync(root, { recursive: true });
});

const RUN: ProbeRunFinished = {
  ...{ kind: 'probe_run_finished', at: 1_790_000_000_000, probe: 'flux', tier: 'inference' },
  ...{ endpointId: 'fal-ai/flux', outcome: 'error', durationSeconds: 2.5, attempts: 3, platformRetries: 1 },
  error: { type: 'runner_disconnected', fault: 'platform', text: 'the runner went away' },
  queueWait: { seconds: 1, certainty: 'inferred', boundSeconds: 0.5 },
  ...{ requestId: 'r-1', lastQueuePosition: 4 },
  steps: [{ seconds: 0.1, text: 'accepted' }],
};

describe('the state directory', () => {
  it('is made for us alone', () => {
    open().meta.set('a', 'b');
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    for (const name of ['state.db', 'state.db-wal', 'state.db-shm']) {
      expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('that is a file is refused with a remedy', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => open({ dir: file })).toThrow(StateDirUnusableError);
    expect(() => open({ dir: join(file, 'below') })).toThrow(/--state-dir/);
  });

  it('on a file system that takes no files is refused with a remedy', () => {
    // root may write everywhere but here.
    expect(() => open({ dir: '/proc/fal-state' })).toThrow(StateDirUnusableError);
    expect(() => open({ dir: '/proc/self' })).toThrow(StateDirUnusableError);
  });

  it('with something else in place of the file is refused', () => {
    open().close();
    rmSync(join(dir, 'state.db'));
    rmSync(join(dir, 'state.lock'));
    const other = join(dir, 'state.db');
    expect(() => open({ dir: other })).not.toThrow();
    expect(() => open()).toThrow(StateDirUnusableError);
  });

  it('on a full disk is refused, and works once there is room', () => {
    expect(() => open({ limits: { maxPageCount: 1 } }).meta.set('a', 'x'.repeat(100_000))).toThrow(
      StateFullError,
    );
    opened.pop()?.close();
    open().meta.set('a', 'x'.repeat(100_000));
  });

  it('leaves one file and the empty lock after close', () => {
    open().close();
    expect(readdirSync(dir).sort()).toEqual(['state.db', 'state.lock']);
    expect(statSync(join(dir, 'state.lock')).size).toBe(0);
  });
});

describe('the lock', () => {
  it('lets one in, names it to the others, and is free after close', () => {
    const first = open();
    expect(() => open()).toThrow(StateLockedError);
    expect(() => open()).toThrow(new RegExp(`process ${process.pid} on host`));
    first.close();
    first.close();
    open();
  });

  it('survives the deletion of the file that names the holder', () => {
    open();
    rmSync(join(dir, 'state.owner'));
    expect(() => open()).toThrow(/in use by another process/);
  });

  it('is not in the way when its file holds rubbish', () => {
    open().close();
    writeFileSync(join(dir, 'state.lock'), 'rubbish '.repeat(1000));
    open();
    expect(() => open()).toThrow(StateLockedError);
  });

  it('lets a command in beside the holder, which may read and write', () => {
    open().meta.set('cursor', '7');
    const guest = open({ beside: true });
    expect(guest.meta.get('cursor')).toBe('7');
    guest.meta.set('cursor', '8');
    expect(opened[0]?.meta.get('cursor')).toBe('8');
    guest.close();
    expect(() => open()).toThrow(StateLockedError);
  });

  it('is taken by a command when nobody else has it', () => {
    open({ beside: true });
    expect(() => open()).toThrow(StateLockedError);
  });

  it('is given back when opening fails', () => {
    open().close();
    raiseSchemaVersion();
    expect(() => open()).toThrow(StateTooNewError);
    rmSync(join(dir, 'state.db'));
    open();
  });
});

function raiseSchemaVersion(): void {
  const database = new DatabaseSync(join(dir, 'state.db'));
  database.exec("PRAGMA user_version = 99; UPDATE meta SET value = '99' WHERE key = 'schema_version'");
  database.close();
}

describe('a file of a newer release', () => {
  it('is refused and left alone', () => {
    open().meta.set('a', 'b');
    opened.pop()?.close();
    raiseSchemaVersion();
    expect(() => open()).toThrow(/schema version 99/);
    expect(readdirSync(dir).filter((name) => name.includes('corrupt'))).toEqual([]);
  });
});

describe('what is in the file', () => {
  it('is there after a restart', () => {
    const first = open();
    first.inFlight.add({ probe: 'flux', endpointId: 'fal-ai/flux', requestId: 'r-1' });
    first.recentRuns.add(RUN);
    first.balanceHistory('default').add({ at: 1, balance: -4_000_000_000, wall: 2 }, 7);
    first.probeRequests.add('r-1', 5);
    const event = { requestId: 'r-1', endpointId: 'fal-ai/flux', at: clock.now(), cost: 3, estimate: 4 };
    first.billing('default').bookEvents([event]);
    first.meta.set('cursor', 'abc');
    first.close();
    const second = open();
    expect(second.inFlight.list()).toEqual([
      { probe: 'flux', endpointId: 'fal-ai/flux', requestId: 'r-1', submittedAt: clock.now() },
    ]);
    expect(second.recentRuns.list()).toEqual([RUN]);
    expect(second.balanceHistory('default').newest).toEqual({ at: 1, balance: -4_000_000_000, wall: 2 });
    expect(second.balanceHistory('default').topUps).toBe(7);
    expect(second.probeRequests.between(0, 10)).toEqual(['r-1']);
    expect(second.billing('default').spend()).toEqual([
      { endpointId: 'fal-ai/flux', billed: 3, estimated: 4, unpricedRequests: 0 },
    ]);
    expect(second.meta.get('cursor')).toBe('abc');
    expect(second.recovered).toBeUndefined();
  });

  it('costs only history when somebody deletes it', () => {
    open().meta.set('a', 'b');
    opened.pop()?.close();
    rmSync(join(dir, 'state.db'));
    writeFileSync(join(dir, 'state.db-wal'), 'a log without its file');
    const state = open();
    expect(state.meta.get('a')).toBeUndefined();
    expect(state.recovered).toBeUndefined();
  });

  it('stays readable for us alone when somebody loosened its mode', () => {
    open().close();
    chmodSync(join(dir, 'state.db'), 0o644);
    open();
    expect(statSync(join(dir, 'state.db')).mode & 0o777).toBe(0o600);
  });

  it('cannot be used after close, and says so', () => {
    const state = open();
    state.close();
    expect(() => state.meta.set('a', 'b')).toThrow(/Writing .*state\.db/);
    expect(existsSync(join(dir, 'state.db-wal'))).toBe(false);
  });
});

describe('requests in flight', () => {
  it('are forgotten when their end was seen, and never pile up', () => {
    const { inFlight } = open();
    for (let n = 0; n < 1_005; n++) {
      clock.advance(1);
      inFlight.add({ probe: 'flux', endpointId: 'fal-ai/flux', requestId: `r-${n}` });
    }
    expect(inFlight.list().map(({ requestId }) => requestId)[0]).toBe('r-5');
    expect(inFlight.list()).toHaveLength(1_000);
    inFlight.remove('r-5');
    inFlight.remove('r-5');
    expect(inFlight.list()[0]?.requestId).toBe('r-6');
  });
});

describe('recent runs', () => {
  it('are kept up to fifty per probe, newest last', () => {
    const { recentRuns } = open();
    for (let n = 0; n < 60; n++) recentRuns.add({ ...RUN, attempts: n });
    recentRuns.add({ ...RUN, probe: 'other' });
    expect(recentRuns.list()).toHaveLength(51);
    expect(recentRuns.list()[0]?.attempts).toBe(10);
    expect(recentRuns.list(2).map(({ probe, attempts }) => [probe, attempts])).toEqual([
      ...[['flux', 58]],
      ...[['flux', 59]],
      ...[['other', 3]],
    ]);
  });

  it('hold no key, no field that nobody thought about, and no endless text', () => {
    const { recentRuns } = open({ redact: (text) => text.replaceAll('key-canary', '<key>') });
    const careless = {
      ...RUN,
      prompt: 'prompt-canary',
      error: { ...RUN.error, body: 'body-canary', text: 'Key key-canary was refused' },
      steps: [{ seconds: 1, text: 'x'.repeat(5_000), url: 'url-canary' }],
    } as unknown as ProbeRunFinished;
    recentRuns.add(careless);
    const stored = JSON.stringify(recentRuns.list());
    expect(stored).not.toContain('canary');
    expect(stored).toContain('Key <key> was refused');
    expect(stored.length).toBeLessThan(2_000);
  });

  it('that this release cannot read are left out', () => {
    const state = open();
    state.recentRuns.add(RUN);
    const database = new DatabaseSync(state.path);
    const insert = database.prepare("INSERT INTO recent_run (probe, run) VALUES ('x', ?)");
    for (const run of ['', '{}', 'null', JSON.stringify({ ...RUN, outcome: 'odd' })]) insert.run(run);
    const odd = { ...RUN, error: { ...RUN.error, type: 'from_the_future' } };
    insert.run(JSON.stringify(odd));
    database.close();
    expect(state.recentRuns.list()).toEqual([RUN]);
  });
});
