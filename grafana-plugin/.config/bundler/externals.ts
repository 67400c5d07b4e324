import type { Configuration } from 'webpack';

/**
 * What Grafana gives to a plugin at run time, by the names of its shared dependencies (Grafana 12.4 and 13).
 * A module in this list is never bundled: React, the router and the Grafana packages exist once, Grafana's own.
 * `react-router` is the API of version 6; `i18next` is Grafana's instance, so a bundled @grafana/i18n speaks the
 * language of the user. What is missing here on purpose, and so is bundled: @grafana/i18n, @grafana/schema.
 */
export const externals: NonNullable<Configuration['externals']> = [
  // The AMD loader tells a module its own address under the name "module": the base of lazy chunks.
  { 'amd-module': 'module' },
  '@emotion/css',
  '@emotion/react',
  'd3',
  'i18next',
  'jquery',
  'lodash',
  'moment',
  'prismjs',
  'react',
  'react/jsx-dev-runtime',
  'react/jsx-runtime',
  'react-dom',
  'react-inlinesvg',
  'react-redux',
  'react-router',
  'redux',
  'rxjs',
  'rxjs/operators',
  /^@grafana\/(data|runtime|ui)(\/unstable)?$/,
];
