// The development mail server (infra/mail) as a program of this installation.
import { join } from 'node:path';
import { type Installation, inheritedEnvironment } from './installation.ts';
import { demandOk } from './nginx.ts';
import { ownProgram, type Program } from './program.ts';

export interface MailCatcherProcess extends Program {
  /** smtp://127.0.0.1:port */
  readonly smtpUrl: string;
  /** Where people read what was caught. */
  readonly url: string;
}

export async function mailCatcher(installation: Installation): Promise<MailCatcherProcess> {
  const { root, env, ports } = installation;
  const smtpPort = await ports.of('mail-smtp');
  const httpPort = await ports.of('mail-http');
  const url = `http://127.0.0.1:${httpPort}`;
  const program = ownProgram({
    ...installation,
    name: 'mail',
    tell: installation.progress.say,
    probe: () => demandOk(`${url}/mails.json`),
    launch: () => ({
      file: process.execPath,
      args: ['--import', 'tsx', join(root, 'infra', 'mail', 'main.ts')],
      env: {
        ...inheritedEnvironment(env),
        SMTP_PORT: String(smtpPort),
        HTTP_PORT: String(httpPort),
      },
      cwd: root,
      tie: 'ipc',
    }),
  });
  return Object.assign(program, { url, smtpUrl: `smtp://127.0.0.1:${smtpPort}` });
}
