import { fieldsOf, listOf, type Problem, problem } from './problem.ts';

/**
 * The rules of Grafana's plugin.schema.json as far as our files use it: closed objects, required fields, patterns.
 * https://github.com/grafana/grafana/blob/main/docs/sources/developers/plugins/plugin.schema.json
 */
const TOP_LEVEL: readonly string[] = [
  ...[
    '$schema',
    'type',
    'name',
    'id',
    'info',
    'dependencies',
    'includes',
    'languages',
    'autoEnabled',
    'backend',
  ],
  ...[
    'preload',
    'skipDataQuery',
    'suggestions',
    'hideFromList',
    'roles',
    'iam',
    'extensions',
    'state',
    'category',
  ],
];
const INFO: readonly string[] = [
  ...['author', 'build', 'description', 'keywords', 'links', 'logos', 'screenshots', 'updated', 'version'],
];
const INCLUDE: readonly string[] = [
  ...['uid', 'type', 'name', 'component', 'role', 'action', 'path', 'addToNav', 'defaultNav', 'icon'],
];
const TYPES: readonly unknown[] = ['app', 'panel', 'datasource'];
const INCLUDE_TYPES: readonly unknown[] = ['dashboard', 'page', 'panel', 'datasource'];
const ROLES: readonly unknown[] = ['Admin', 'Editor', 'Viewer'];
const ID = /^[0-9a-z]+-([0-9a-z]+-)?(app|panel|datasource)$/;
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[\w.-]+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const COMPARATOR = String.raw`(<=|>=|<|>|=|~|\^)?\d+(\.[\dx*]+)?(\.[\dx*]+)?(-[\w.-]+)?`;
const GRAFANA_DEPENDENCY = new RegExp(`^${COMPARATOR}(\\s${COMPARATOR})?$`);

/** What is wrong with the form of a plugin.json as it stands in the package. */
export function shapeProblems(file: string, plugin: Readonly<Record<string, unknown>>): Problem[] {
  const words = [
    ...unknownKeys('', plugin, TOP_LEVEL),
    ...headProblems(plugin),
    ...infoProblems(fieldsOf(plugin.info)),
    ...dependencyProblems(plugin),
    ...listOf(plugin.includes).flatMap((include, index) =>
      includeProblems(`includes[${index}]`, fieldsOf(include)),
    ),
    ...(/%[A-Z_]+%/.test(JSON.stringify(plugin)) ? ['a placeholder such as %VERSION% was not filled'] : []),
  ];
  return words.map((one) => problem(file, one));
}

function headProblems({ id, type, name, languages }: Readonly<Record<string, unknown>>): string[] {
  const isId = typeof id === 'string' && ID.test(id);
  return [
    ...(TYPES.includes(type) ? [] : [`type: ${String(type)} is none`]),
    ...(isId ? [] : [`id: ${String(id)} must be org-name-type in lower case`]),
    ...(isId && !id.endsWith(`-${String(type)}`) ? [`id: ${id} must end in -${String(type)}`] : []),
    ...(isId && id.split('-').length !== 3 ? [`id: ${id} must have three parts`] : []),
    ...(isText(name) ? [] : ['name: is missing']),
    ...(name === id ? ['name: must be written for people, not the id'] : []),
    ...(listOf(languages).every((language) => /^[a-z]{2}-[A-Z]{2}$/.test(String(language)))
      ? []
      : ['languages: must be like en-US']),
  ];
}

function infoProblems(info: Readonly<Record<string, unknown>>): string[] {
  const { description, keywords, version, updated, logos, links } = info;
  return [
    ...unknownKeys('info.', info, INFO),
    ...(isText(description) ? [] : ['info.description: is missing']),
    ...(listOf(keywords).length > 0 && listOf(keywords).every(isText) ? [] : ['info.keywords: is missing']),
    ...(typeof version === 'string' && VERSION.test(version)
      ? []
      : [`info.version: ${String(version)} is none`]),
    ...(typeof updated === 'string' && DATE.test(updated)
      ? []
      : [`info.updated: ${String(updated)} is no YYYY-MM-DD`]),
    ...['small', 'large']
      .filter((size) => !isText(fieldsOf(logos)[size]))
      .map((size) => `info.logos.${size}: is missing`),
    ...(isText(fieldsOf(info.author).name) ? [] : ['info.author.name: is missing']),
    ...listOf(links)
      .map((link) => String(fieldsOf(link).url))
      .filter((url) => !url.startsWith('https://'))
      .map((url) => `info.links: ${url} is no https address`),
  ];
}

function dependencyProblems({ id, dependencies }: Readonly<Record<string, unknown>>): string[] {
  const { grafanaDependency, plugins } = fieldsOf(dependencies);
  return [
    ...(typeof grafanaDependency === 'string' && GRAFANA_DEPENDENCY.test(grafanaDependency)
      ? []
      : [
          `dependencies.grafanaDependency: ${String(grafanaDependency)} is no range of at most two comparators`,
        ]),
    ...(listOf(plugins).some((one) => fieldsOf(one).id === id)
      ? ['dependencies.plugins: the plugin depends on itself']
      : []),
  ];
}

function includeProblems(at: string, include: Readonly<Record<string, unknown>>): string[] {
  const { type, role, name, path } = include;
  return [
    ...unknownKeys(`${at}.`, include, INCLUDE),
    ...(INCLUDE_TYPES.includes(type) ? [] : [`${at}.type: ${String(type)} is none`]),
    ...(role === undefined || ROLES.includes(role) ? [] : [`${at}.role: ${JSON.stringify(role)} is none`]),
    ...(isText(name) ? [] : [`${at}.name: is missing`]),
    ...(isText(path) ? [] : [`${at}.path: is missing`]),
  ];
}

function unknownKeys(
  at: string,
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `${at}${key}: Grafana knows no such field`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
