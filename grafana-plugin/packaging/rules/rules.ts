import type { PackageFiles } from '../package-files.ts';
import { codeProblems } from './code.ts';
import { declarationProblems } from './declarations.ts';
import { layoutProblems } from './layout.ts';
import { pictureProblems } from './pictures.ts';
import type { Problem } from './problem.ts';

/**
 * Everything that Grafana's plugin-validator, or Grafana itself, would find wrong with a package, as far as it can be
 * told without a network. `version` is that of package.json.
 */
export function problemsOf(files: PackageFiles, version: string): Problem[] {
  return [
    ...layoutProblems(files),
    ...declarationProblems(files, version),
    ...pictureProblems(files),
    ...codeProblems(files),
  ];
}
