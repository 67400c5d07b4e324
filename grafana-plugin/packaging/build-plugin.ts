import webpack from 'webpack';
import { configuration, type BuildOptions } from '../.config/webpack/webpack.config.ts';

/** Builds the plugin into `output`; rejects with what webpack complains of, warnings included. */
export async function buildPlugin(options: BuildOptions): Promise<void> {
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
    const compiler = webpack(configuration(options));
    if (compiler === null) return reject(new Error('webpack gave no compiler for our configuration'));
    compiler.run((error, result) => {
      compiler.close((closing) => {
        const problem = error ?? closing;
        if (problem) reject(problem);
        else resolve(result);
      });
    });
  });
  if (stats === undefined || stats.hasErrors() || stats.hasWarnings()) {
    throw new Error(
      `the build of the plugin failed: ${stats?.toString({ preset: 'errors-warnings' }) ?? 'no result'}`,
    );
  }
}
