export { createCdn } from './cdn-host.ts';
export { type RestApiOptions, createRestApi } from './rest-host.ts';
