import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Job } from 'fal-simulator';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppRun, type Sample, runApp, runNode } from './package/app-run.ts';
import { SUBSCRIBE_MODEL, USES, type Use } from './package/apps.ts';
import {
  type EdgeBundle,
  type OpenTelemetryLine,
  bundleForEdge,
  bundleForNode,
  bundledImport,
  createConsumer,
  installNode,
} from './package/consumer.ts';
import { PROGRAMS } from './package/npm.ts';
import { type Packed, packInstrumentation } from './package/packed.ts';
import { typeCheck } from './package/type-check.ts';

const FAL_CLIENT = { '@fal-ai/client': '1.10.1' };

/** The two lines that users are on, by the exact versions that this was seen to work with. */
const LINES: readonly OpenTelemetryLine[] = [
  {
    name: 'OpenTelemetry 3',
    dependencies: {
      ...FAL_CLIENT,
      '@opentelemetry/api': '1.10.0',
      '@opentelemetry/exporter-prometheus': '0.301.0',
      '@opentelemetry/instrumentation': '0.301.0',
      '@opentelemetry/sdk-metrics': '3.1.1',
      '@opentelemetry/sdk-node': '0.301.0',
    },
  },
  {
    name: 'OpenTelemetry 2',
    dependencies: {
      ...FAL_CLIENT,
      '@opentelemetry/api': '1.9.1',
      '@opentelemetry/exporter-prometheus': '0.223.0',
      '@opentelemetry/instrumentation': '0.223.0',
      '@opentelemetry/sdk-metrics': '2.12.0',
      '@opentelemetry/sdk-node': '0.223.0',
    },
  },
];
/** The oldest that package.json promises: there, `import` is hooked in another way than on the newer ones. */
const OLDEST_NODE = '22.15.0';
const NODES = ['Node 24', 'the oldest Node'] as const;

const root = mkdtempSync(join(tmpdir(), 'fal-observability-package-'));
const folderOf = (line: OpenTelemetryLine): string => join(root, line.name.replace(/\W/g, '-'));
let packed: Packed;
let oldestNode: string;
const programOf = (node: (typeof NODES)[number]): string =>
  node === 'Node 24' ? process.execPath : oldestNode;

beforeAll(async () => {
  [packed, oldestNode] = await Promise.all([
    packInstrumentation(root),
    installNode(join(root, 'oldest-node'), OLDEST_NODE),
  ]);
  await Promise.all(LINES.map((line) => createConsumer(folderOf(line), line, packed.tarball)));
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

describe('the tarball', () => {
  test('holds code, types and documents, and no sources and no tests', () => {
    expect(packed.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    const strange = packed.files.filter(
      (path) =>
        !/^((esm|cjs)\/.+\.(js|mjs|d\.ts)|cjs\/package\.json|[A-Z]+(\.md)?|package\.json)$/.test(path),
    );
    expect(strange).toEqual([]);
    expect(packed.files.filter((path) => path.includes('.test.'))).toEqual([]);
  });

  test('promises to run on the oldest Node that is tried here, and on no older one', () => {
    const { engines } = JSON.parse(packed.read('package.json')) as {
      readonly engines: { readonly node: string };
    };
    expect(engines.node).toBe(`>=${OLDEST_NODE.replace(/\.0$/, '')}`);
  });

  test('names no type of fal’s client, which a user may have in any version', () => {
    const leaking = packed.files
      .filter((path) => path.endsWith('.d.ts'))
      .filter((path) => /['"]@fal-ai\//.test(withoutComments(packed.read(path))));
    expect(leaking).toEqual([]);
  });

  test('passes publint, suggestions included', async () => {
    const bytes = readFileSync(packed.tarball);
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages } = await publint({ pack: { tarball }, strict: true });
    expect(messages).toEqual([]);
  });

  test('has the right types for every entry and every way to resolve it', async () => {
    const attw = join(PROGRAMS, 'attw');
    const args = [attw, packed.tarball, '--format', 'json', '--no-definitely-typed'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 20_000_000 });
    const { analysis } = JSON.parse(stdout) as {
      readonly analysis: { readonly problems: readonly object[]; readonly entrypoints: object };
    };
    expect(Object.keys(analysis.entrypoints).sort()).toEqual([
      '.',
      './client',
      './core',
      './package.json',
      './register',
    ]);
    expect(analysis.problems).toEqual([]);
  });
});

describe.each(LINES)('with $name', (line) => {
  const folder = folderOf(line);
  const runs = new Map<string, PromiseSettledResult<AppRun>>();
  let edge: EdgeBundle;
  const keyOf = (use: Use, node: string): string => `${use.name} on ${node}`;

  beforeAll(async () => {
    [edge] = await Promise.all([bundleForEdge(folder), bundleForNode(folder)]);
    const all = USES.flatMap((use) => NODES.map((node) => ({ use, node })));
    // Two at a time: as many as there are cores where the tests run.
    const work = async (): Promise<void> => {
      for (let next = all.shift(); next !== undefined; next = all.shift()) {
        const run = runApp({ node: programOf(next.node), args: next.use.args, folder });
        const [settled] = await Promise.allSettled([run]);
        runs.set(keyOf(next.use, next.node), settled);
      }
    };
    await Promise.all([work(), work()]);
  });

  describe.each(NODES)('on %s', (node) => {
    test.each(USES)('$name: what it measured is what happened', (use) => {
      const run = runs.get(keyOf(use, node));
      if (run?.status !== 'fulfilled') throw run?.reason;
      const { samples, ledger } = run.value;

      const requests = tally(ledger.jobs, wayOf);
      expect(Object.keys(requests)).toHaveLength(2);
      expect(sumsOf(samples, 'fal_client_requests_total', asWay)).toEqual(requests);
      expect(sumsOf(samples, 'fal_client_request_duration_seconds_count', asWay)).toEqual(requests);
      expect(sumsOf(samples, 'fal_client_queue_wait_seconds_count', asModel)).toEqual({
        [SUBSCRIBE_MODEL]: 1,
      });
      expect(sumsOf(samples, 'fal_client_billable_units_total', asModel)).toEqual(
        tally(ledger.jobs, asJobModel, ({ billableUnits = 0 }) => billableUnits),
      );
      expect(sumsOf(samples, 'fal_client_attempts_total', (labels) => labels.status)).toEqual(
        tally(ledger.exchanges, ({ answer }) => String(answer)),
      );
      expect(sumsOf(samples, 'fal_client_errors_total', asModel)).toEqual({});
      expect(sumsOf(samples, 'fal_client_active_requests', asModel)).toEqual({});
    });

    test('import and require give the same things, so that an app that uses both has one state', async () => {
      const { stdout } = await runNode({ node: programOf(node), args: ['same-both-ways.mjs'], folder });
      expect(JSON.parse(stdout)).toEqual({ '.': [], './client': [], './core': [] });
    });
  });

  test('samples say which version of the package measured them', () => {
    const versions = [...runs.values()].flatMap((run) =>
      run.status === 'fulfilled' ? run.value.samples.map(({ labels }) => labels.otel_scope_version) : [],
    );
    expect(new Set(versions)).toEqual(new Set([packed.version]));
  });

  test('an edge bundle needs nothing of Node, and has of us only ES modules, once', () => {
    expect(edge.loads).toEqual([]);
    expect(edge.ourFiles).not.toEqual([]);
    expect(edge.ourFiles.filter((path) => !path.startsWith('esm/'))).toEqual([]);
    expect(edge.ourBytes).toBeLessThan(100_000);
  });

  test('a bundler keeps an import of /register, which does something, and drops the others, which do not', async () => {
    expect(await bundledImport(folder, 'opentelemetry-instrumentation-fal/register')).toContain(
      'process.env',
    );
    for (const entry of ['', '/client', '/core'])
      expect(await bundledImport(folder, `opentelemetry-instrumentation-fal${entry}`)).toBe('');
  });

  test.each([
    { resolution: 'nodenext', files: ['types.mts', 'types.cts', 'typed.mts'] },
    { resolution: 'node16', files: ['types.mts', 'types.cts'] },
    { resolution: 'bundler', files: ['types.mts', 'types.cts'] },
  ] as const)('TypeScript finds and checks our types without DOM, with $resolution', (project) => {
    expect(typeCheck(folder, { ...project, lib: ['es2024'], types: ['node'] })).toBe('');
  });

  test('TypeScript checks /client for a worker, with neither Node nor DOM', () => {
    const worker = { lib: ['es2022', 'webworker'], types: [], files: ['types-client.mts'] } as const;
    expect(typeCheck(folder, { resolution: 'bundler', ...worker })).toBe('');
  });
});

const OPERATIONS = { run: 'run', queue: 'subscribe', stream: 'stream', realtime: 'realtime' } as const;

const wayOf = ({ endpointId, mode, outcome }: Job): string =>
  [endpointId, OPERATIONS[mode], outcome].join(' ');
const asWay = (labels: Sample['labels']): string =>
  [labels.endpoint_id, labels.operation, labels.outcome].join(' ');
const asModel = (labels: Sample['labels']): string | undefined => labels.endpoint_id;
const asJobModel = ({ endpointId }: Job): string => endpointId;

/** Sums of a family by what its labels say; series at zero are there for the first increase and left out. */
function sumsOf(
  samples: readonly Sample[],
  name: string,
  key: (labels: Sample['labels']) => string | undefined,
): Record<string, number> {
  const counted = samples.filter((sample) => sample.name === name && sample.value !== 0);
  return tally(
    counted,
    ({ labels }) => key(labels) ?? '',
    ({ value }) => value,
  );
}

function tally<T>(
  items: readonly T[],
  key: (item: T) => string,
  amount: (item: T) => number = () => 1,
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const item of items) sums[key(item)] = (sums[key(item)] ?? 0) + amount(item);
  return sums;
}

function withoutComments(declarations: string): string {
  return declarations.replace(/\/\*[^]*?\*\//g, '');
}
