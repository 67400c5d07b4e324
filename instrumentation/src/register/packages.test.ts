import { expect, test } from 'vitest';
import { type PackageLoader, installCommand, missingOf } from './packages.ts';

function seeing(...installed: string[]): PackageLoader {
  const resolve = (name: string): string => {
    const found = installed.find((each) => name === each || name.startsWith(`${each}/`));
    if (found === undefined) throw Object.assign(new Error(`no ${name}`), { code: 'MODULE_NOT_FOUND' });
    return `/app/node_modules/${name}`;
  };
  return Object.assign(() => undefined, { resolve });
}

const INSTRUMENTATION = '@opentelemetry/instrumentation';
const SDK = '@opentelemetry/sdk-node';

test('names what is not installed, in order', () => {
  const load = seeing('@opentelemetry/api');
  expect(missingOf(load, ['@opentelemetry/api', INSTRUMENTATION, SDK])).toEqual([INSTRUMENTATION, SDK]);
});

test('what belongs together is installed in the release that is here', () => {
  const readFile = (path: string): string =>
    path === `/app/node_modules/${INSTRUMENTATION}/package.json` ? '{"version": "0.223.0"}' : '';
  expect(installCommand(seeing(INSTRUMENTATION), [SDK], readFile)).toBe(`npm install ${SDK}@0.223.0`);
});

test('without a release to go by, the newest are installed', () => {
  const unreadable = (): never => {
    throw new Error('unreadable');
  };
  expect(installCommand(seeing(), [INSTRUMENTATION, SDK], unreadable)).toBe(
    `npm install ${INSTRUMENTATION} ${SDK}`,
  );
  expect(installCommand(seeing(INSTRUMENTATION), [SDK], () => '{}')).toBe(`npm install ${SDK}`);
});
