/*
 * The build of the plugin, in the layout of @grafana/create-plugin (its file names and places, its output), with
 * esbuild-loader in place of swc. Node runs this file as it is, by stripping the types.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import CopyWebpackPlugin from 'copy-webpack-plugin';
import { EsbuildPlugin } from 'esbuild-loader';
import webpack, { type Configuration } from 'webpack';
import { externals } from '../bundler/externals.ts';
import { filesToCopy } from './files-to-copy.ts';
import { pluginFolders, type PluginFolder } from './plugin-folders.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const TARGET = 'es2022';

/** Where to build to (default: dist beside package.json), and for whom. */
export interface BuildOptions {
  readonly production?: boolean;
  readonly output?: string;
}

/** Webpack's configuration: one AMD module.js beside every plugin.json under src. */
export function configuration({
  production = true,
  output = join(ROOT, 'dist'),
}: BuildOptions = {}): Configuration {
  const source = join(ROOT, 'src');
  const plugins = pluginFolders(source);
  const app = plugins.find(({ folder }) => folder === '');
  if (app === undefined) throw new Error(`${source}/plugin.json is missing: it declares the app`);
  return {
    mode: production ? 'production' : 'development',
    target: ['web', TARGET],
    context: ROOT,
    devtool: production ? 'source-map' : 'eval-source-map',
    entry: Object.fromEntries(plugins.map((plugin) => [entryName(plugin), entryImports(plugin)])),
    externals,
    // Names for chunks by content, so that a new build is never answered from a browser's cache.
    output: {
      clean: true,
      path: output,
      filename: '[name].js',
      chunkFilename: production ? '[name].js?_cache=[contenthash]' : '[name].js',
      library: { type: 'amd' },
      publicPath: `public/plugins/${app.id}/`,
      uniqueName: app.id,
    },
    resolve: { extensions: ['.tsx', '.ts', '.mjs', '.js'] },
    module: {
      rules: [{ test: /\.tsx?$/, loader: 'esbuild-loader', options: { target: TARGET, jsx: 'automatic' } }],
    },
    optimization: { minimize: production, minimizer: [new EsbuildPlugin({ target: TARGET })] },
    performance: { hints: false },
    plugins: [
      // @grafana/i18n loads it for Grafana's own test language only. It would cost each panel a chunk, and a nested panel
      // is served from its own folder, where there are none.
      new webpack.IgnorePlugin({ resourceRegExp: /^i18next-pseudo$/ }),
      new CopyWebpackPlugin({ patterns: filesToCopy(ROOT, plugins) }),
    ],
  };
}

function entryName({ folder }: PluginFolder): string {
  return folder === '' ? 'module' : `${folder}/module`;
}

function entryImports({ module }: PluginFolder): string[] {
  return [join(ROOT, '.config/webpack/public-path.ts'), module];
}

/** What webpack's command line calls: `--env production` or `--env development`. */
export default function fromCommandLine(env: Record<string, unknown>): Configuration {
  return configuration({ production: env.development === undefined });
}
