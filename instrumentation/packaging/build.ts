import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { writeDeclarations } from './declarations.ts';
import { writeJavaScript } from './javascript.ts';
import { type SourceManifest, entriesOf, publishedManifest } from './manifest.ts';

/** Entries that start something when they are imported. */
const WITH_EFFECTS = ['register'];

/**
 * Writes the folder that `npm pack` and `npm publish` take: `dist/`, or the one given, so that two builds can run at
 * once. What was there before is gone.
 */
async function build(root: string, out: string): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as SourceManifest;
  const entries = entriesOf(manifest);
  rmSync(out, { recursive: true, force: true });
  await writeJavaScript({ root, out, entries });
  writeDeclarations({ root, out, entries });
  writeFileSync(
    join(out, 'package.json'),
    `${JSON.stringify(publishedManifest(manifest, WITH_EFFECTS), null, 2)}\n`,
  );
  // The licence is the repository's; what people read is about this package alone.
  const documents = [join(dirname(root), 'LICENSE'), join(root, 'README.md'), join(root, 'CHANGELOG.md')];
  for (const file of documents.filter((each) => existsSync(each))) cpSync(file, join(out, basename(file)));
}

const workspace = dirname(import.meta.dirname);
await build(workspace, resolve(process.argv[2] ?? join(workspace, 'dist')));
