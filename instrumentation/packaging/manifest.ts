/** The fields of package.json that the build reads. Others pass through unread. */
export interface SourceManifest {
  readonly name: string;
  readonly version: string;
  /** Sub-path to TypeScript source: what the other workspaces import. `./package.json` stands for itself. */
  readonly exports: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A way into the package: `client` is imported as `<name>/client`, and `index` as the name alone. */
export interface Entry {
  readonly name: string;
  /** Sub-path as in `exports`: `.` or `./client`. */
  readonly subpath: string;
  /** Path of its TypeScript source, from the folder of package.json. */
  readonly source: string;
}

/** What a reader of a registry page, or npm itself, needs to know; everything else concerns development. */
const PUBLISHED = [
  ...['name', 'version', 'description', 'keywords', 'license', 'author', 'homepage', 'repository', 'bugs'],
  ...['type', 'engines', 'dependencies', 'peerDependencies', 'peerDependenciesMeta'],
];

const MANIFEST = './package.json';

/** The entries of the package, from its `exports`. Throws when one is not a TypeScript source under its own name. */
export function entriesOf(manifest: SourceManifest): readonly Entry[] {
  const subpaths = Object.entries(manifest.exports).filter(([subpath]) => subpath !== MANIFEST);
  return subpaths.map(([subpath, source]) => {
    const name = subpath === '.' ? 'index' : subpath.replace('./', '');
    if (source !== `./src/${name}.ts`)
      throw new Error(
        `building ${manifest.name}: its export "${subpath}" should be "./src/${name}.ts" and is "${source}"`,
      );
    return { name, subpath, source };
  });
}

/**
 * The package.json of the folder that is published. npm does not apply `publishConfig.exports`, so it is written.
 *
 * `withEffects` names the entries whose import does something; a bundler keeps those even when nothing is used.
 */
export function publishedManifest(
  manifest: SourceManifest,
  withEffects: readonly string[],
): Readonly<Record<string, unknown>> {
  const entries = entriesOf(manifest);
  const kept = PUBLISHED.flatMap((field) =>
    manifest[field] === undefined ? [] : [[field, manifest[field]] as const],
  );
  return {
    ...Object.fromEntries(kept),
    // For tools older than `exports`.
    main: './cjs/index.js',
    module: './esm/index.js',
    types: './cjs/index.d.ts',
    typesVersions: { '*': Object.fromEntries(entries.map(({ name }) => [name, [`./cjs/${name}.d.ts`]])) },
    exports: {
      ...Object.fromEntries(entries.map(({ name, subpath }) => [subpath, conditionsOf(name)])),
      [MANIFEST]: MANIFEST,
    },
    sideEffects: withEffects.flatMap((name) => [`./esm/${name}.js`, `./cjs/${name}.js`, `./cjs/${name}.mjs`]),
  };
}

/**
 * Node gets the CommonJS code by `require` and by `import` (the .mjs file only passes it on), so that an app that
 * does both has one state and counts each request once. Bundlers get ES modules by both words, for the same
 * reason and because they can leave out of those what is not used; so do runtimes that know only `import`.
 */
function conditionsOf(entry: string): Readonly<Record<string, unknown>> {
  const asModule = { types: `./esm/${entry}.d.ts`, default: `./esm/${entry}.js` };
  const asCommonJs = { types: `./cjs/${entry}.d.ts`, default: `./cjs/${entry}.js` };
  return {
    module: asModule,
    node: { import: { types: `./esm/${entry}.d.ts`, default: `./cjs/${entry}.mjs` }, require: asCommonJs },
    import: asModule,
    require: asCommonJs,
  };
}
