import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { isOnPath } from './debian-machine.ts';
import {
  DEBIAN_PACKAGES,
  ensureDebianPackages,
  type DebianPackage,
  type Machine,
} from './debian-packages.ts';

const PACKAGES: readonly DebianPackage[] = [
  { name: 'prometheus', commands: ['prometheus', 'promtool'] },
  { name: 'docker-compose', commands: ['docker-compose'] },
];

interface Pretence {
  readonly commands: readonly string[];
  readonly isRoot?: boolean;
  /** What `apt-get install` brings. */
  readonly repository?: Readonly<Record<string, readonly string[]>>;
  readonly updateCode?: number;
}

const REPOSITORY = { prometheus: ['prometheus', 'promtool'], 'docker-compose': ['docker-compose'] };

/** A machine that only pretends, and keeps a diary. */
function pretend({ commands, isRoot = true, repository = REPOSITORY, updateCode = 0 }: Pretence): {
  machine: Machine;
  diary: string[];
} {
  const present = new Set(commands);
  const diary: string[] = [];
  const machine: Machine = {
    has: (command) => present.has(command),
    isRoot: () => isRoot,
    run: (command, args, env) => {
      diary.push([`DEBIAN_FRONTEND=${env.DEBIAN_FRONTEND ?? ''}`, command, ...args].join(' '));
      if (args[0] === 'update') return Promise.resolve(updateCode);
      const wanted = args.filter((arg) => arg in REPOSITORY);
      for (const name of wanted) for (const each of repository[name] ?? []) present.add(each);
      return Promise.resolve(wanted.every((name) => name in repository) ? 0 : 100);
    },
    holdServices: () => {
      diary.push('services held');
      return () => void diary.push('services released');
    },
    say: () => undefined,
  };
  return { machine, diary };
}

test('a machine that has every command is left alone', async () => {
  const { machine, diary } = pretend({
    commands: ['prometheus', 'promtool', 'docker-compose'],
    isRoot: false,
  });
  await ensureDebianPackages(PACKAGES, machine);
  expect(diary).toEqual([]);
});

test('root installs exactly what is missing, once, without questions and without starting services', async () => {
  const { machine, diary } = pretend({ commands: ['apt-get', 'docker-compose', 'prometheus'] });
  await ensureDebianPackages(PACKAGES, machine);
  expect(diary).toEqual([
    'services held',
    'DEBIAN_FRONTEND=noninteractive apt-get update -o DPkg::Lock::Timeout=300',
    'DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 prometheus',
    'services released',
  ]);
});

test('whoever is not root gets the list of what is missing and the command that installs it', async () => {
  const { machine, diary } = pretend({ commands: ['apt-get', 'prometheus'], isRoot: false });
  await expect(ensureDebianPackages(PACKAGES, machine)).rejects.toThrow(
    [
      'The tests need commands that this machine does not have:',
      '  promtool (Debian package prometheus)',
      '  docker-compose (Debian package docker-compose)',
      'Not installed here: only root may install packages.',
      'Install them with: sudo apt-get update && sudo apt-get install -y --no-install-recommends prometheus docker-compose',
    ].join('\n'),
  );
  expect(diary).toEqual([]);
});

test('a machine without apt-get is told so, root or not', async () => {
  const { machine, diary } = pretend({ commands: [] });
  await expect(ensureDebianPackages(PACKAGES, machine)).rejects.toThrow('this machine has no apt-get');
  expect(diary).toEqual([]);
});

test('an install that brings less than promised fails with what is still missing', async () => {
  const { machine, diary } = pretend({
    commands: ['apt-get'],
    repository: { prometheus: ['prometheus', 'promtool'] },
  });
  const attempt = ensureDebianPackages(PACKAGES, machine);
  await expect(attempt).rejects.toThrow(
    / {2}docker-compose \(Debian package docker-compose\)\napt-get .* exit code 100/,
  );
  await expect(attempt).rejects.not.toThrow('promtool');
  expect(diary.at(-1)).toBe('services released');
});

test('stale package lists are no obstacle when the packages can be had all the same', async () => {
  const { machine } = pretend({ commands: ['apt-get'], updateCode: 100 });
  await expect(ensureDebianPackages(PACKAGES, machine)).resolves.toBeUndefined();
});

test('services are released when apt-get cannot be run at all', async () => {
  const { machine, diary } = pretend({ commands: ['apt-get'] });
  const broken: Machine = { ...machine, run: () => Promise.reject(new Error('no more processes')) };
  await expect(ensureDebianPackages(PACKAGES, broken)).rejects.toThrow('no more processes');
  expect(diary).toEqual(['services held', 'services released']);
});

test('the packages of this repository bring a Prometheus, an Alertmanager, their tools and a Compose', () => {
  expect(DEBIAN_PACKAGES.flatMap(({ commands }) => commands)).toEqual([
    'prometheus',
    'promtool',
    'prometheus-alertmanager',
    'amtool',
    'docker-compose',
    'chromium',
    'redis-server',
  ]);
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test('a command is on the PATH when an executable file of that name is, and not a folder or a text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-path-'));
  folders.push(folder);
  writeFileSync(join(folder, 'tool'), '#!/bin/sh\n');
  chmodSync(join(folder, 'tool'), 0o755);
  writeFileSync(join(folder, 'text'), 'no program');
  chmodSync(join(folder, 'text'), 0o644);
  mkdirSync(join(folder, 'folder'));
  const path = ['/no/such/folder', '', folder].join(delimiter);
  expect(['tool', 'text', 'folder', 'absent'].filter((name) => isOnPath(name, path))).toEqual(['tool']);
});
