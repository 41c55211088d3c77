import { main } from '../../schema/src/pipeline.ts';
import { runCommandLine } from './command-line.ts';

await runCommandLine(({ args }) => main(args));
