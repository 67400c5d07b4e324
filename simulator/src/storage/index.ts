export { holderOfAppToken } from './app-tokens.ts';
export { createCdn } from './cdn-host.ts';
export { type RestApiOptions, createRestApi } from './rest-host.ts';
