export * from './client.ts';
export { FalInstrumentation } from './instrumentation.ts';
export type { FalInstrumentationConfig } from './instrumentation.ts';
