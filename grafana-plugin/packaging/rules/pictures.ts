import { type PackageFiles, textIn } from '../package-files.ts';
import { type Problem, problem } from './problem.ts';

/** What a picture needs; everything else could run, load or track something. */
const ELEMENTS: ReadonlySet<string> = new Set([
  ...[
    'svg',
    'g',
    'title',
    'desc',
    'defs',
    'path',
    'rect',
    'circle',
    'ellipse',
    'line',
    'polyline',
    'polygon',
  ],
  ...['linearGradient', 'radialGradient', 'stop', 'clipPath', 'text', 'tspan'],
]);
const UNSAFE_ATTRIBUTE = /^(on.*|href|xlink:href|style|src)$/i;
const XML_NAMESPACE = /^xmlns(:\w+)?$/;

/** SVGs of which anybody can see that they only draw. */
export function pictureProblems(files: PackageFiles): Problem[] {
  return [...files.keys()]
    .filter((path) => path.endsWith('.svg'))
    .flatMap((path) => svgProblems(path, textIn(files, path) ?? ''));
}

function svgProblems(path: string, svg: string): Problem[] {
  const body = svg.replace(/<!--[\s\S]*?-->/g, '');
  const tags = [...body.matchAll(/<\/?([\w:-]+)([^>]*)>/g)];
  const attributes = tags.flatMap(([, , text]) => [
    ...(text ?? '').matchAll(/([\w:-]+)\s*=\s*("[^"]*"|'[^']*')/g),
  ]);
  return [
    ...(tags[0]?.[1] === 'svg' ? [] : [problem(path, 'does not begin with an svg element')]),
    ...(/<[!?](?!xml )/.test(body) ? [problem(path, 'has a doctype, an entity or CDATA')] : []),
    ...tags
      .map(([, name]) => name ?? '')
      .filter((name) => !ELEMENTS.has(name))
      .map((name) => problem(path, `has the element ${name}`)),
    ...attributes
      .filter(([, name = '', value = '']) => UNSAFE_ATTRIBUTE.test(name) || isOutside(name, value))
      .map(([, name]) => problem(path, `has the attribute ${name ?? ''}, which may load or run something`)),
  ];
}

function isOutside(name: string, value: string): boolean {
  return !XML_NAMESPACE.test(name) && /url\(\s*['"]?(?!#)|https?:|data:|javascript:/i.test(value);
}
