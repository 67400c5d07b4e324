import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnLoadResult, Plugin } from 'esbuild';

export interface HostPackagesOptions {
  /** The npm project whose packages the bundle is made of. */
  readonly project: string;
  /** The host's own sources, which lie outside of that project. */
  readonly sources: string;
}

/** Asked again by ourselves, from the place where the answer is to be looked for. */
const ASKED_AGAIN = Symbol('asked again');

/**
 * One set of sources, several sets of packages: what the host sources import comes from the given project instead
 * of from the nearest node_modules folder. Two more ways to name a module, for what Grafana's own start does:
 * `file:<path>` is a file of a package that its exports map hides, and `of:@grafana/ui/<package>` is the version of
 * a package that `@grafana/ui` itself gets.
 */
export function hostPackages({ project, sources }: HostPackagesOptions): Plugin {
  const nodeModules = join(project, 'node_modules');
  return {
    name: 'host-packages',
    setup(build) {
      build.onResolve({ filter: /^file:/ }, ({ path }) => ({
        path: join(nodeModules, path.slice('file:'.length)),
      }));
      build.onResolve({ filter: /^of:@grafana\/ui\// }, ({ path, kind }) =>
        build.resolve(path.slice('of:@grafana/ui/'.length), {
          kind,
          resolveDir: join(nodeModules, '@grafana/ui'),
          pluginData: ASKED_AGAIN,
        }),
      );
      build.onLoad({ filter: /\/table\/panelcfg\/x\/types\.gen\.mjs$/ }, ({ path }) => tableSchema(path));
      build.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind, pluginData }) => {
        if (pluginData === ASKED_AGAIN || kind === 'entry-point' || !importer.startsWith(sources))
          return null;
        return build.resolve(path, { kind, resolveDir: project, pluginData: ASKED_AGAIN });
      });
    },
  };
}

/**
 * Scenes 8.19 imports one name that `@grafana/schema` 12.4 does not have yet, for its panel builders, which the host
 * does not use. To be removed with Grafana 12.
 */
async function tableSchema(path: string): Promise<OnLoadResult> {
  const contents = await readFile(path, 'utf8');
  const isThere = /\bdefaultOptions\b/.test(contents);
  return { contents: isThere ? contents : `${contents}\nexport const defaultOptions = {};\n`, loader: 'js' };
}
