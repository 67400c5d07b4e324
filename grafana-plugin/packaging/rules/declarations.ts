import { objectIn, type PackageFiles } from '../package-files.ts';
import { pluginFoldersIn } from './layout.ts';
import { shapeProblems } from './plugin-shape.ts';
import { fieldsOf, listOf, type Problem, problem } from './problem.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Whether the plugin.json files are valid, and say the truth about the rest of the package. */
export function declarationProblems(files: PackageFiles, version: string): Problem[] {
  return pluginFoldersIn(files).flatMap((folder) => {
    const file = `${folder}plugin.json`;
    const plugin = objectIn(files, file);
    if (plugin === undefined) return [problem(file, 'is no JSON object')];
    return [
      ...shapeProblems(file, plugin),
      ...(fieldsOf(plugin.info).version === version
        ? []
        : [problem(file, `info.version is not ${version}, that of package.json`)]),
      ...pictureProblems(files, folder, plugin),
      ...languageProblems(files, folder, plugin),
      ...(folder === '' ? appProblems(files, plugin) : nestedProblems(files, folder, plugin)),
    ];
  });
}

function pictureProblems(files: PackageFiles, folder: string, plugin: Fields): Problem[] {
  const { logos, screenshots } = fieldsOf(plugin.info);
  const paths = [
    ...Object.values(fieldsOf(logos)).map(String),
    ...listOf(screenshots).map((one) => String(fieldsOf(one).path)),
  ];
  return paths.flatMap((path) => {
    const file = `${folder}plugin.json`;
    if (/^[./]|:/.test(path))
      return [problem(file, `the picture ${path} must be a relative path without a leading . or /`)];
    return files.has(`${folder}${path}`)
      ? []
      : [problem(`${folder}${path}`, 'is named in plugin.json and missing')];
  });
}

function languageProblems(files: PackageFiles, folder: string, { id, languages }: Fields): Problem[] {
  return listOf(languages)
    .map((language) => `${folder}locales/${String(language)}/${String(id)}.json`)
    .filter((path) => objectIn(files, path) === undefined)
    .map((path) => problem(path, 'is missing, although plugin.json names the language'));
}

function appProblems(files: PackageFiles, app: Fields): Problem[] {
  const includes = listOf(app.includes).map(fieldsOf);
  const pages = includes.filter(({ type }) => type === 'page');
  const defaults = includes.filter(({ defaultNav }) => defaultNav === true);
  return [
    ...includes
      .filter(({ type }) => type === 'dashboard')
      .flatMap((include) => dashboardProblems(files, include)),
    ...pages
      .filter(({ path }) => !String(path).startsWith(`/a/${String(app.id)}/`))
      .map(({ path }) =>
        problem('plugin.json', `the page ${String(path)} is not under /a/${String(app.id)}/`),
      ),
    ...(defaults.length === 1
      ? []
      : [problem('plugin.json', `${defaults.length} includes have defaultNav, expected one`)]),
    ...undeclaredDashboards(files, includes),
  ];
}

function dashboardProblems(files: PackageFiles, include: Fields): Problem[] {
  const path = String(include.path);
  const dashboard = objectIn(files, path);
  if (dashboard === undefined)
    return [problem(path, 'is included by plugin.json and missing, or no JSON object')];
  const { uid, revision, id, __inputs: inputs } = dashboard;
  return [
    ...(uid === include.uid
      ? []
      : [problem(path, `its uid ${String(uid)} is not that of plugin.json, ${String(include.uid)}`)]),
    ...(Number.isInteger(revision)
      ? []
      : [problem(path, 'has no integer revision: Grafana would never update it')]),
    ...(id === undefined || id === null ? [] : [problem(path, 'has an id, which belongs to one database')]),
    ...(inputs === undefined ? [] : [problem(path, 'has __inputs: the import of an app fills none')]),
  ];
}

function undeclaredDashboards(files: PackageFiles, includes: readonly Fields[]): Problem[] {
  return [...files.keys()]
    .filter((path) => path.startsWith('dashboards/') && includes.every((include) => include.path !== path))
    .map((path) => problem(path, 'is not included by plugin.json'));
}

function nestedProblems(files: PackageFiles, folder: string, { type }: Fields): Problem[] {
  const path = `${folder}plugin.json`;
  const includes = listOf(objectIn(files, 'plugin.json')?.includes).map(fieldsOf);
  const isDeclared = includes.some((include) => include.path === path && include.type === type);
  return isDeclared ? [] : [problem(path, `is not included by the app's plugin.json as a ${String(type)}`)];
}
