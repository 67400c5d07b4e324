import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, npm } from './npm.ts';

/** The instrumentation as `npm publish` would send it. */
export interface Packed {
  /** Path of the .tgz. */
  readonly tarball: string;
  readonly version: string;
  /** Paths inside the package. */
  readonly files: readonly string[];
  /** Bytes of the .tgz. */
  readonly size: number;
  /** Text of one of its files. */
  read(path: string): string;
}

interface PackReport {
  readonly filename: string;
  readonly version: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Builds and packs the package inside `folder`: another story may be doing the same at this moment. */
export async function packInstrumentation(folder: string): Promise<Packed> {
  const dist = join(folder, 'built');
  await npm(['run', 'build', '--workspace=instrumentation', '--', dist], REPOSITORY);
  const printed = await npm(['pack', dist, '--pack-destination', folder, '--json'], folder);
  const report = firstReport(JSON.parse(printed));
  return {
    tarball: join(folder, report.filename),
    version: report.version,
    files: report.files.map(({ path }) => path),
    size: report.size,
    read: (path) => readFileSync(join(dist, path), 'utf8'),
  };
}

/** npm 11 prints a list, newer ones an object by package name. */
function firstReport(printed: unknown): PackReport {
  const [report] = Object.values(printed as Readonly<Record<string, PackReport>>);
  if (report === undefined) throw new Error('packing the instrumentation: npm pack printed no report');
  return report;
}
