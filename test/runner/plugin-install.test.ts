import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isInstalled } from './plugin-install.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-observability-install-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const react = { 'node_modules/react': { version: '18.3.1' } };

function lock(packages: object): void {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
}

function installed(packages: object): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
}

test('a fresh clone has nothing installed', () => {
  lock(react);
  expect(isInstalled(folder)).toBe(false);
});

test('what is of the lockfile stays, packages of other platforms aside', () => {
  lock({ ...react, 'node_modules/fsevents': { version: '2.3.3', optional: true } });
  installed(react);
  expect(isInstalled(folder)).toBe(true);
});

test.each([
  ['another version', { 'node_modules/react': { version: '19.0.0' } }],
  ['a missing package', {}],
])('%s is installed anew', (_, packages) => {
  lock(react);
  installed(packages);
  expect(isInstalled(folder)).toBe(false);
});

test('an install that was cut off, which leaves no list behind, is done anew', () => {
  lock(react);
  mkdirSync(join(folder, 'node_modules', 'react'), { recursive: true });
  expect(isInstalled(folder)).toBe(false);
});
