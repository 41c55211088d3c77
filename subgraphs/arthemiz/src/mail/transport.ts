// The way to the mail server. Mails hold links that let people in, so off this machine they travel encrypted.
import { createTransport } from 'nodemailer';
import type { Config } from '../config.ts';
import type { MailContent } from './queueing.ts';

export interface MailTransport {
  /** Resolves when the server has taken the mail. @throws nodemailer's error */
  send(mail: MailContent & { id: string }): Promise<void>;
  close(): void;
}

/** What people see as the sender. */
const senderName = 'Arthemiz';

export function createMailTransport(
  smtpUrl: string,
  { ISSUER, MAIL_FROM }: Pick<Config, 'ISSUER' | 'MAIL_FROM'>,
): MailTransport {
  const domain = new URL(ISSUER).hostname;
  const { protocol, hostname, searchParams } = new URL(smtpUrl);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 2,
    requireTLS: protocol === 'smtp:' && !isLocal && searchParams.get('requireTLS') !== 'false',
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    dnsTimeout: 10_000,
    maxResponseSize: 65_536,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ id, to, subject, text }) {
      await transport.sendMail({
        from: { name: senderName, address: MAIL_FROM ?? `no-reply@${domain}` },
        // As an object: nothing in it is read as a second address.
        to: { name: '', address: to },
        subject,
        text,
        // The same at each attempt, so that whoever gets it twice sees it once.
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    close: () => transport.close(),
  };
}
