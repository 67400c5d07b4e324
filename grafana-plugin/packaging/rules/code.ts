import { type PackageFiles, textIn } from '../package-files.ts';
import { pluginFoldersIn } from './layout.ts';
import { type Problem, problem } from './problem.ts';

/** What must not be in the code, and why. */
const FORBIDDEN: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  { pattern: /__SECRET_INTERNALS|__CLIENT_INTERNALS/, why: 'reads the inside of React' },
  {
    pattern: /Symbol\.for\(["']react\.(transitional\.)?element["']\)/,
    why: 'holds a copy of React or of its jsx-runtime',
  },
  { pattern: /\bfindDOMNode\b/, why: 'uses findDOMNode, which React 19 does not have' },
  { pattern: /\bReactDOM\.render\b|\bunmountComponentAtNode\b/, why: 'uses the old root API of React' },
  {
    pattern: /\.propTypes\b|\.defaultProps\b/,
    why: 'relies on propTypes or defaultProps, which React 19 ignores',
  },
  { pattern: /\bconsole\.(log|debug|info)\(/, why: 'writes to the console' },
  { pattern: /\bnew Function\(|[^\w.]eval\(/, why: 'builds code from text' },
  { pattern: /google-analytics|googletagmanager|segment\.(io|com)|hotjar|mixpanel/i, why: 'holds a tracker' },
];
const AMD = /^\(\(\)=>\{define\(\[|^define\(\[/;
const LOADS_CHUNKS = /createElement\(["']script["']\)/;

/** Whether the code is what Grafana can load, with React once, on 18 and 19. */
export function codeProblems(files: PackageFiles): Problem[] {
  const code = [...files.keys()].filter((path) => path.endsWith('.js'));
  return [
    ...code.flatMap((path) =>
      FORBIDDEN.filter(({ pattern }) => pattern.test(textIn(files, path) ?? '')).map(({ why }) =>
        problem(path, why),
      ),
    ),
    ...pluginFoldersIn(files).flatMap((folder) => moduleProblems(`${folder}module.js`, files, folder !== '')),
  ];
}

function moduleProblems(path: string, files: PackageFiles, isNested: boolean): Problem[] {
  const text = textIn(files, path);
  if (text === undefined) return [];
  return [
    ...(AMD.test(text) ? [] : [problem(path, 'is no AMD module')]),
    ...(isNested && LOADS_CHUNKS.test(text)
      ? [problem(path, 'loads a chunk: a nested plugin is served from its own folder, where there is none')]
      : []),
    ...mapProblems(`${path}.map`, files),
  ];
}

function mapProblems(path: string, files: PackageFiles): Problem[] {
  const map = textIn(files, path) ?? '';
  return /"(webpack:\/\/)?(\/|[A-Z]:\\)[^"]*node_modules/.test(map)
    ? [problem(path, 'names absolute paths of the machine')]
    : [];
}
