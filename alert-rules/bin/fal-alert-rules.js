#!/usr/bin/env node
// Plain JavaScript on purpose: with the compile cache on, the TypeScript sources are stripped once and not at
// every start.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { runMain } = await import('../src/command/main.ts');
runMain();
