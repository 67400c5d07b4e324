#!/usr/bin/env node
// Plain JavaScript on purpose: with the compile cache on, the TypeScript sources are stripped once and not at
// every start, which saves start-up time and memory.
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// This process makes little garbage at a time; the default young generation would grow to three times 16 MB.
setFlagsFromString('--max-semi-space-size=1');
enableCompileCache();
const { runMain } = await import('../src/command/main.ts');
await runMain();
