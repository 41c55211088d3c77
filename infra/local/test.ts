import { resolve } from 'node:path';
import { test } from './checking.ts';
import { runCommandLine } from './command-line.ts';

const root = resolve(import.meta.dirname, '..', '..');
await runCommandLine((context) => test({ ...context, root }));
