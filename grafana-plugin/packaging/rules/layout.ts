import { type PackageFiles, textIn } from '../package-files.ts';
import { type Problem, problem } from './problem.ts';

const LICENSES =
  /Apache License\s+Version 2\.0|MIT License|BSD \d-Clause|GNU (LESSER |AFFERO )?GENERAL PUBLIC LICENSE/i;
/** What a build may leave behind and nobody should get. */
const UNWANTED = /(^|\/)(\.|node_modules\/|dist\/)|\.(tsx?|tgz|env|log)$/;
/** Left in the template of create-plugin's README. */
const TEMPLATE =
  /This is a starting point|README file is going to be the one displayed|Grafana (app|panel) plugin template/i;
const SHORTEST_README = 500;

/** Files that have to be there, and files that must not. */
export function layoutProblems(files: PackageFiles): Problem[] {
  return [
    ...missingTexts(files),
    ...missingModules(files),
    ...unwantedFiles(files),
    ...readmeProblems(files),
  ];
}

/** Folders that hold a plugin: '' for the app, 'model-status/' for a nested one. */
export function pluginFoldersIn(files: PackageFiles): string[] {
  return [...files.keys()]
    .filter((path) => path === 'plugin.json' || path.endsWith('/plugin.json'))
    .map((path) => path.slice(0, -'plugin.json'.length));
}

function missingTexts(files: PackageFiles): Problem[] {
  const missing = ['plugin.json', 'README.md', 'CHANGELOG.md', 'LICENSE'].filter((name) => !files.has(name));
  const license = textIn(files, 'LICENSE');
  return [
    ...missing.map((name) => problem(name, 'is missing')),
    ...(license !== undefined && !LICENSES.test(license)
      ? [problem('LICENSE', 'is none that the catalogue accepts')]
      : []),
  ];
}

function missingModules(files: PackageFiles): Problem[] {
  return pluginFoldersIn(files).flatMap((folder) =>
    ['module.js', 'module.js.map']
      .filter((name) => !files.has(`${folder}${name}`))
      .map((name) => problem(`${folder}${name}`, 'is missing beside plugin.json')),
  );
}

function unwantedFiles(files: PackageFiles): Problem[] {
  return [...files.keys()]
    .filter((path) => UNWANTED.test(path))
    .map((path) => problem(path, 'does not belong into a package'));
}

function readmeProblems(files: PackageFiles): Problem[] {
  const readme = textIn(files, 'README.md');
  if (readme === undefined) return [];
  const links = [...readme.matchAll(/\]\(([^)\s]+)/g)].map(([, target]) => target ?? '');
  return [
    ...(readme.length < SHORTEST_README || TEMPLATE.test(readme)
      ? [problem('README.md', 'is the template, or says next to nothing')]
      : []),
    ...links
      .filter((target) => !target.startsWith('https://') && !target.startsWith('#'))
      .map((target) => problem('README.md', `has a link that leads nowhere in the catalogue: ${target}`)),
  ];
}
