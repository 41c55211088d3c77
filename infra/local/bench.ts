import { main } from '../bench/main.ts';
import { runCommandLine } from './command-line.ts';

await runCommandLine(main);
