// The way to the mail server. Mails may hold links that let people in, so off this machine they travel encrypted.
import { createTransport } from 'nodemailer';

export interface MailContent {
  to: string;
  subject: string;
  text: string;
}

export interface MailTransport {
  /**
   * Resolves when the server has taken the mail. `id` is the same at each attempt, so that whoever gets it twice sees it
   * once. @throws nodemailer's error
   */
  send(mail: MailContent & { id: string }): Promise<void>;
  close(): void;
}

export interface MailTransportOptions {
  /** With its user and password. */
  smtpUrl: string;
  /** What people see as the sender. */
  sender: { name: string; address: string };
}

export function createMailTransport({ smtpUrl, sender }: MailTransportOptions): MailTransport {
  const { protocol, hostname, searchParams } = new URL(smtpUrl);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
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
        from: sender,
        // As an object: nothing in it is read as a second address.
        to: { name: '', address: to },
        subject,
        text,
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    close: () => transport.close(),
  };
}

/**
 * Whether the server refused this very mail for good: its address or its content, by a 5xx (RFC 5321, 4.2.1). That
 * our own credentials are refused is for us to put right, so those mails wait.
 */
export function isRefusedForGood(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, responseCode } = error as Error & { code?: unknown; responseCode?: unknown }; // nodemailer puts them there
  const isAboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return isAboutTheMail && typeof responseCode === 'number' && responseCode >= 500;
}
