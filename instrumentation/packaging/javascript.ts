import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, type OutputFile, build, transform } from 'esbuild';
import type { Entry } from './manifest.ts';

export interface JavaScriptOptions {
  /** The folder of package.json. */
  readonly root: string;
  readonly out: string;
  readonly entries: readonly Entry[];
}

/** Old enough for edge runtimes and browsers; new enough that nothing of the sources is rewritten. */
const TARGET = ['es2022'];

/**
 * Writes `esm/` and `cjs/`: one file per entry, and the code that several entries share once per format, because
 * a copy in each would be state of its own in each. `cjs/<entry>.mjs` hands the CommonJS code to `import`. The code
 * stays readable, so there are no source maps: they were two thirds of the package.
 */
export async function writeJavaScript(options: JavaScriptOptions): Promise<void> {
  await build({ ...bundling(options), outdir: join(options.out, 'esm') });
  await writeCommonJs(options, join(options.out, 'cjs'));
}

function bundling({ root, entries }: JavaScriptOptions): BuildOptions & { readonly metafile: true } {
  return {
    absWorkingDir: root,
    entryPoints: entries.map(({ source }) => source),
    outbase: 'src',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    packages: 'external',
    // By prefix only: platform neutral knows no built-in module by a bare name, and neither does an edge runtime.
    external: ['node:*'],
    target: TARGET,
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
  };
}

/** esbuild splits ES modules only, so these are made first and each file is translated. */
async function writeCommonJs(options: JavaScriptOptions, outdir: string): Promise<void> {
  const { outputFiles, metafile } = await build({ ...bundling(options), outdir, write: false });
  mkdirSync(outdir, { recursive: true });
  for (const file of outputFiles) await writeTranslated(file);
  for (const [path, { entryPoint, exports }] of Object.entries(metafile.outputs)) {
    if (entryPoint === undefined) continue;
    const file = join(options.root, path);
    writeFileSync(file.replace(/\.js$/, '.mjs'), passOn(basename(file), exports));
  }
  // The package says "module"; the nearest package.json decides.
  writeFileSync(join(outdir, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
}

async function writeTranslated({ path, text }: OutputFile): Promise<void> {
  const usesOwnUrl = text.includes('import.meta');
  const { code, warnings } = await transform(text, {
    format: 'cjs',
    // `import()` stays what it is, so that CommonJS can load ES modules by it.
    platform: 'node',
    target: [...TARGET, 'node22'],
    charset: 'utf8',
    ...(usesOwnUrl && {
      define: { 'import.meta.url': 'ownUrl' },
      banner: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;',
    }),
  });
  // Such as a use of `import.meta` other than the address, which would be undefined there.
  if (warnings.length > 0)
    throw new Error(`translating ${path} to CommonJS: ${warnings.map((each) => each.text).join('; ')}`);
  writeFileSync(path, code);
}

/** Names are written out, so that nobody has to guess them from the CommonJS code. */
function passOn(file: string, names: readonly string[]): string {
  const load = `import implementation from './${file}';\n`;
  return names.length === 0
    ? `import './${file}';\n`
    : `${load}export const { ${[...names].sort().join(', ')} } = implementation;\n`;
}
