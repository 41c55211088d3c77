// node --import tsx subgraphs/chassis/src/deadletters-main.ts SERVICE list|inspect|replay|replay-all|drop [ID]
import { runDeadLetterCommand } from './deadletters-command.ts';
import { createLogger } from './logging.ts';

process.exitCode = await runDeadLetterCommand({
  words: process.argv.slice(2),
  env: process.env,
  logger: createLogger({ service: 'dead-letters', level: 'silent' }),
  print: (line) => void process.stdout.write(`${line}\n`),
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
