// For tests only: a real mail server that keeps what it is sent, and can be told to refuse.
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { eventually } from './eventually.ts';

export interface ReceivedMail {
  to: string;
  from: string;
  subject: string;
  text: string;
  messageId: string;
}

export type Mailbox = Awaited<ReturnType<typeof startMailbox>>;

/** `refuse` decides about each recipient: an SMTP status to refuse with, or null. */
export async function startMailbox({
  refuse = () => null,
  isSilent = () => false,
}: {
  refuse?: (to: string) => number | null;
  /** Whose mails are taken and never answered for. */
  isSilent?: (to: string) => boolean;
} = {}) {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      const status = refuse(address);
      done(status === null ? undefined : Object.assign(new Error('Refused.'), { responseCode: status }));
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address).join();
      receive(stream, to).then(
        (mail) => {
          if (isSilent(to)) return;
          mails.push(mail);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo; // a TCP server that listens has an AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    /** The nth mail to an address, as soon as it is there. */
    to: (address: string, number = 1): Promise<ReceivedMail> =>
      eventually(() => mails.filter(({ to }) => to === address)[number - 1] ?? false),
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

async function receive(stream: AsyncIterable<Uint8Array>, to: string): Promise<ReceivedMail> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const { from, subject = '', text = '', messageId = '' } = await PostalMime.parse(Buffer.concat(chunks));
  return { to, from: from?.address ?? '', subject, text, messageId };
}
