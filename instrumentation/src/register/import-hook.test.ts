import { expect, test, vi } from 'vitest';
import { hookImports } from './import-hook.ts';
import type { PackageLoader } from './packages.ts';

const CLIENTS = ['@fal-ai/client', '@fal-ai/serverless-client'];
const PARENT = 'file:///app/node_modules/opentelemetry-instrumentation-fal/cjs/register.js';

function setUp(load: () => unknown): { ofLoader: ReturnType<typeof vi.fn> } {
  const ofLoader = vi.fn();
  const loader: PackageLoader = Object.assign(load, { resolve: (name: string) => name });
  hookImports({ load: loader, parentUrl: PARENT, register: ofLoader });
  return { ofLoader };
}

test('hooks on the thread of the app where that works, and the clients of fal only', () => {
  const register = vi.fn();
  const { ofLoader } = setUp(() => ({ supportsSyncHooks: () => true, register }));
  expect(register.mock.calls).toEqual([[{ include: CLIENTS }]]);
  expect(ofLoader).not.toHaveBeenCalled();
});

test.each([
  ['Node is too old for it', { supportsSyncHooks: (): boolean => false }],
  ['OpenTelemetry is', undefined],
])('hooks the loader where %s', (_, hooks) => {
  const register = vi.fn();
  const { ofLoader } = setUp(() => {
    if (hooks === undefined) throw new Error('no such file');
    return { ...hooks, register };
  });
  expect(register).not.toHaveBeenCalled();
  expect(ofLoader.mock.calls).toEqual([
    ['@opentelemetry/instrumentation/hook.mjs', PARENT, { data: { include: CLIENTS } }],
  ]);
});
