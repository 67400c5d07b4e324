import { expect, test } from 'vitest';
import { type SourceManifest, entriesOf, publishedManifest } from './manifest.ts';

const SOURCE: SourceManifest = {
  name: 'opentelemetry-instrumentation-fal',
  version: '1.2.3',
  private: true,
  type: 'module',
  files: ['src'],
  scripts: { build: 'node packaging/build.ts' },
  engines: { node: '>=22.15' },
  exports: { '.': './src/index.ts', './client': './src/client.ts', './package.json': './package.json' },
  devDependencies: { esbuild: '^0.28.2' },
  peerDependencies: { '@opentelemetry/api': '^1.9.0' },
};

test('an entry is named after its sub-path, and the package itself is index', () => {
  expect(entriesOf(SOURCE)).toEqual([
    { name: 'index', subpath: '.', source: './src/index.ts' },
    { name: 'client', subpath: './client', source: './src/client.ts' },
  ]);
});

test('an entry whose source has another name is refused, because its types would be written elsewhere', () => {
  const astray = { ...SOURCE, exports: { './client': './src/wrapped-client.ts' } };
  expect(() => entriesOf(astray)).toThrow(
    'its export "./client" should be "./src/client.ts" and is "./src/wrapped-client.ts"',
  );
});

test('what concerns development stays at home', () => {
  const published = publishedManifest(SOURCE, []);
  for (const field of ['private', 'files', 'scripts', 'devDependencies'])
    expect(published).not.toHaveProperty(field);
  expect(published).toMatchObject({
    name: 'opentelemetry-instrumentation-fal',
    version: '1.2.3',
    engines: { node: '>=22.15' },
    peerDependencies: { '@opentelemetry/api': '^1.9.0' },
  });
});

test('Node runs the same CommonJS file for import and require; everybody else gets ES modules first', () => {
  const { exports } = publishedManifest(SOURCE, []) as { exports: Record<string, object> };
  expect(Object.keys(exports)).toEqual(['.', './client', './package.json']);
  expect(Object.keys(exports['./client'] ?? {})).toEqual(['module', 'node', 'import', 'require']);
  expect(exports['./client']).toMatchObject({
    module: { default: './esm/client.js' },
    node: { import: { default: './cjs/client.mjs' }, require: { default: './cjs/client.js' } },
  });
});

test('types come before code, for import and for require in their own format', () => {
  const { exports } = publishedManifest(SOURCE, []) as { exports: Record<string, Record<string, object>> };
  const { import: imported = {}, require: required = {} } = exports['.'] ?? {};
  expect(Object.entries(imported)[0]).toEqual(['types', './esm/index.d.ts']);
  expect(Object.entries(required)[0]).toEqual(['types', './cjs/index.d.ts']);
});

test('only the entries that do something on import are kept by a bundler that needs nothing of them', () => {
  expect(publishedManifest(SOURCE, ['register'])).toHaveProperty('sideEffects', [
    './esm/register.js',
    './cjs/register.js',
    './cjs/register.mjs',
  ]);
  expect(publishedManifest(SOURCE, [])).toHaveProperty('sideEffects', []);
});
