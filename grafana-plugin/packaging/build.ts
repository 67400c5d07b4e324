/** Builds the plugin into grafana-plugin/dist: `node grafana-plugin/packaging/build.ts`. Needs its `npm ci`. */
import { buildPlugin } from './build-plugin.ts';

await buildPlugin({});
