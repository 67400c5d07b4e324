#!/usr/bin/env node
// Plain JavaScript, because the compile cache must be on before the first TypeScript file is read.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { runMain } = await import('../src/command/main.ts');
await runMain();
