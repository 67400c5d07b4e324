import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import config from '../.dependency-cruiser.js';

const ROOT = dirname(import.meta.dirname);
const TIMEOUT = 60_000;

type Tree = Readonly<Record<string, string>>;

const library = (name: string): Tree => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, type: 'module', exports: './index.js' }),
  [`node_modules/${name}/index.js`]: 'export const made = true;',
});

const workspace = (folder: string, name: string, dependencies: object): Tree => ({
  [`${folder}/package.json`]: JSON.stringify({
    name,
    type: 'module',
    exports: { '.': './src/index.ts', './core': './src/core.ts' },
    ...dependencies,
  }),
});

/** A small repository in which every file keeps the rules, at their edges where they have some. */
const CLEAN: Tree = {
  'package.json': JSON.stringify({ workspaces: ['*'], devDependencies: { vitest: '*' } }),
  ...[
    ...['@fal-ai/client', 'zod', 'yaml', 'vitest', 'left-over'],
    ...['@opentelemetry/api', '@opentelemetry/instrumentation'],
  ].reduce((all, name) => ({ ...all, ...library(name) }), {}),
  ...workspace('exporter', 'fal-exporter', {
    dependencies: {
      zod: '*',
      yaml: '*',
      '@fal-ai/client': '*',
      'opentelemetry-instrumentation-fal': '*',
      'fal-simulator': '*',
    },
  }),
  ...workspace('simulator', 'fal-simulator', {}),
  ...workspace('instrumentation', 'opentelemetry-instrumentation-fal', {
    devDependencies: { '@fal-ai/client': '*' },
    peerDependencies: { '@opentelemetry/api': '*', '@opentelemetry/instrumentation': '*' },
  }),
  'exporter/src/domain/events.ts': `
    import type { ErrorType } from 'opentelemetry-instrumentation-fal/core';
    export interface Failed { type: ErrorType }`,
  'exporter/src/config/config.ts': `
    import { join } from 'node:path';
    import * as zod from 'zod';
    import * as yaml from 'yaml';
    import type { Failed } from '../domain/events.ts';
    export const config = [join, zod, yaml, {} as Failed];`,
  'exporter/src/probes/probe.ts': `
    import { config } from '../config/config.ts';
    import { made } from '@fal-ai/client';
    import { classify } from 'opentelemetry-instrumentation-fal/core';
    export const probe = [config, made, classify];`,
  'exporter/src/probes/probe.test.ts': `
    import { test } from 'vitest';
    import { probe } from './probe.ts';
    import { store } from '../metrics/store.ts';
    export const told = [test, probe, store];`,
  'exporter/src/metrics/store.ts': `
    import type { Failed } from '../domain/events.ts';
    export const store: Failed[] = [];`,
  'exporter/src/exposition/text.ts': `
    import { store } from '../metrics/store.ts';
    export const text = String(store);`,
  'exporter/src/http/server.ts': `
    import { page } from '../status/page.ts';
    export const server = page;`,
  'exporter/src/verdict/judge.ts': `
    import type { ErrorType } from 'opentelemetry-instrumentation-fal/core';
    import type { Failed } from '../domain/events.ts';
    export const judge = [{} as ErrorType, {} as Failed];`,
  'exporter/src/status/page.ts': `
    import type { Failed } from '../domain/events.ts';
    import { judge } from '../verdict/judge.ts';
    export const page = [{} as Failed, judge];`,
  'exporter/src/exporter.ts': `
    import { probe } from './probes/probe.ts';
    import { text } from './exposition/text.ts';
    import { server } from './http/server.ts';
    export const exporter = [probe, text, server];`,
  'exporter/src/command/simulate.ts': `
    import { simulator } from 'fal-simulator';
    export const simulate = simulator;`,
  'exporter/src/main.ts': `
    import { exporter } from './exporter.ts';
    import { simulate } from './command/simulate.ts';
    export const main = [exporter, simulate];`,
  'exporter/src/index.ts': `export { exporter } from './exporter.ts';`,
  'simulator/src/clock.ts': `export const clock = 1;`,
  'simulator/src/index.ts': `import { clock } from './clock.ts'; export const simulator = clock;`,
  'instrumentation/src/core.ts': `export type ErrorType = string; export const classify = 1;`,
  'instrumentation/src/client.ts': `import * as api from '@opentelemetry/api'; export const watch = api;`,
  'instrumentation/src/index.ts': `
    import { watch } from './client.ts';
    import * as base from '@opentelemetry/instrumentation';
    import { join } from 'node:path';
    export const all = [watch, base, join];`,
  'instrumentation/src/index.test.ts': `import { simulator } from 'fal-simulator'; export const seen = simulator;`,
  'test/story.test.ts': `import { exporter } from '../exporter/src/exporter.ts'; export const story = exporter;`,
};

const importing = (specifier: string): string => `import * as it from '${specifier}'; export const use = it;`;

/** Per rule the files that break it and nothing else. */
const OFFENCES: Readonly<Record<string, Tree>> = {
  'domain-imports-nobody': {
    'exporter/src/domain/store-reader.ts': importing('../metrics/store.ts'),
    'exporter/src/domain/file-reader.ts': importing('node:fs'),
  },
  'domain-takes-only-types': {
    'exporter/src/domain/caller.ts': importing('opentelemetry-instrumentation-fal/core'),
  },
  'config-knows-domain-only': {
    'exporter/src/config/probe-maker.ts': importing('../probes/probe.ts'),
    'exporter/src/config/client-maker.ts': importing('@fal-ai/client'),
  },
  'measuring-does-not-know-showing': {
    'exporter/src/probes/counting-probe.ts': importing('../metrics/store.ts'),
    'exporter/src/collectors/drawing-collector.ts': importing('../status/page.ts'),
    'exporter/src/fal/serving-client.ts': importing('../http/server.ts'),
  },
  'metrics-do-not-know-measuring': {
    'exporter/src/metrics/asking.ts': importing('@fal-ai/client'),
    'exporter/src/exposition/probing.ts': importing('../probes/probe.ts'),
  },
  'pages-do-not-know-measuring': {
    'exporter/src/http/run-now.ts': importing('../probes/probe.ts'),
    'exporter/src/status/store-page.ts': importing('../metrics/store.ts'),
  },
  'verdict-knows-facts-only': {
    'exporter/src/verdict/page-judge.ts': importing('../status/page.ts'),
    'exporter/src/verdict/clock-judge.ts': importing('node:os'),
  },
  'verdict-takes-only-types': {
    'exporter/src/verdict/classifier.ts': importing('opentelemetry-instrumentation-fal/core'),
  },
  'only-the-wiring-knows-the-wiring': {
    'exporter/src/probes/omniscient.ts': importing('../exporter.ts'),
    'exporter/src/state/commanding.ts': importing('../command/simulate.ts'),
  },
  'instrumentation-stands-alone': { 'instrumentation/src/heavy.ts': importing('fal-exporter') },
  'core-needs-no-opentelemetry': { 'instrumentation/src/core.ts': importing('@opentelemetry/api') },
  'client-entry-runs-anywhere': { 'instrumentation/src/client.ts': importing('node:net') },
  'simulator-stands-alone': {
    'simulator/src/sharing.ts': importing('opentelemetry-instrumentation-fal/core'),
  },
  'workspaces-meet-by-name': { 'exporter/src/short-cut.ts': importing('../../simulator/src/clock.ts') },
  'no-cycles': { 'exporter/src/metrics/egg.ts': importing('./hen.ts') },
  'no-orphans': { 'exporter/src/forgotten.ts': 'export const forgotten = 1;' },
  'no-development-dependencies-in-sources': { 'instrumentation/src/lucky.ts': importing('@fal-ai/client') },
  'no-undeclared-dependencies': { 'simulator/src/luckier.ts': importing('left-over') },
  'no-tests-in-sources': {
    'exporter/src/user-of-tests.ts': importing('./probes/probe.test.ts'),
    'exporter/src/story-user.ts': importing('../../test/story.test.ts'),
  },
  'no-unresolvable-imports': { 'exporter/src/lost.ts': importing('./nowhere.ts') },
};

/** The other half of the cycle, which is reported once, at its first file. */
const ACCOMPLICE: Tree = { 'exporter/src/metrics/hen.ts': importing('./egg.ts') };

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

const asLine = (rule: string, file: string): string => `${rule}: ${file}`;

function write(folder: string, tree: Tree): void {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** `rule: file` for each violation that the command behind `npm run layers` finds in `folder`. */
async function violationsIn(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(ROOT, 'node_modules/.bin/depcruise'),
      ...['--config', join(ROOT, '.dependency-cruiser.js')],
      ...['--output-type', 'json'],
      ...['instrumentation/src', 'simulator/src', 'exporter/src', 'test'],
    ],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  );
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return summary.violations.map(({ rule, from }) => asLine(rule.name, from)).sort();
}

describe('the layers', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fal-observability-layers-'));
    write(folder, CLEAN);
    symlinkSync('../exporter', join(folder, 'node_modules/fal-exporter'));
    symlinkSync('../simulator', join(folder, 'node_modules/fal-simulator'));
    symlinkSync('../instrumentation', join(folder, 'node_modules/opentelemetry-instrumentation-fal'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    'let pass a repository that keeps them, and name each file that breaks one',
    { timeout: TIMEOUT },
    async () => {
      await expect(violationsIn(folder)).resolves.toEqual([]);
      write(folder, ACCOMPLICE);
      write(
        folder,
        Object.values(OFFENCES).reduce((all, files) => ({ ...all, ...files }), {}),
      );
      const expected = Object.entries(OFFENCES).flatMap(([rule, files]) =>
        Object.keys(files).map((file) => asLine(rule, file)),
      );
      await expect(violationsIn(folder)).resolves.toEqual(expected.sort());
    },
  );

  test('are each proved able to fail', () => {
    const { forbidden } = config as { forbidden: { name: string }[] };
    expect(forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(OFFENCES).sort());
  });
});
