// webpack-cli finds configurations by extension and would ask for ts-node; Node itself reads the TypeScript.
export { default } from './webpack.config.ts';
