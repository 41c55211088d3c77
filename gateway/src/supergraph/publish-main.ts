// node --import tsx gateway/src/supergraph/publish-main.ts publish FILE [URLS] [NOTE] | rollback VERSION | list
import { createLogger } from '@supergraph/chassis/logging';
import { runPublishCommand } from './publish-command.ts';

process.exitCode = await runPublishCommand({
  words: process.argv.slice(2),
  env: process.env,
  logger: createLogger({ service: 'publish', level: 'silent' }),
  print: (line) => void process.stdout.write(`${line}\n`),
});
