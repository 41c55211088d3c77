import { resolve } from 'node:path';
import { runCommandLine } from './command-line.ts';
import { start } from './starting.ts';

const root = resolve(import.meta.dirname, '..', '..');
await runCommandLine((context) => start({ ...context, root }));
