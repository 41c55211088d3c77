import { resolve } from 'node:path';
import { runCommandLine } from './command-line.ts';
import { printToken } from './tokens.ts';

const root = resolve(import.meta.dirname, '..', '..');
await runCommandLine((context) => printToken({ ...context, root }));
