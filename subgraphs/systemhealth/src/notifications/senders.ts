// One way of telling people a kind of channel.
import { addressGuard } from '@supergraph/chassis/addresses';
import { createMailTransport, isRefusedForGood } from '@supergraph/chassis/mail-transport';
import { OutgoingError } from '@supergraph/chassis/outgoing';
import { Webhook } from 'standardwebhooks';
import type { SystemHealth } from '../context.ts';
import type { NotificationChannelRow } from './channel-model.ts';
import { type Message, slackBody, subjectOf, textOf, webhookBody } from './message.ts';
import { openSecrets } from './secrets.ts';

/** The channel did not take it. The message is fit for tenants' eyes. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  /** Whether no later attempt can succeed. */
  readonly isForGood: boolean;

  constructor(message: string, { isForGood = false, cause }: { isForGood?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.isForGood = isForGood;
  }
}

export interface Senders {
  /** Resolves when the channel has taken it. @throws NotTaken */
  send(channel: NotificationChannelRow, message: Message): Promise<void>;
  close(): void;
}

/** Most time for one attempt. */
export const attemptMs = 10_000;

export function openSenders(service: SystemHealth): Senders {
  const { SMTP_URL, MAIL_FROM, TENANT_TARGET_NETWORKS } = service.config;
  const http = service.outgoing.http('notification-webhooks', {
    ...{ deadlineMs: attemptMs, attempts: 1, maximumResponseBytes: 65_536 },
    // One receiver that is away must not stand in the way of another.
    breakAfter: Number.POSITIVE_INFINITY,
    addresses: addressGuard(TENANT_TARGET_NETWORKS),
  });
  const mail = SMTP_URL
    ? createMailTransport({
        smtpUrl: SMTP_URL,
        sender: { name: 'SystemHealth', address: MAIL_FROM ?? 'no-reply@localhost' },
      })
    : null;
  const mailGuard = service.outgoing.guard('smtp', { deadlineMs: attemptMs, isRefusal: isRefusedForGood });

  async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<void> {
    try {
      const { status } = await http.request({
        ...{ url, method: 'POST', body },
        headers: { 'content-type': 'application/json', 'user-agent': 'SystemHealth/1', ...headers },
      });
      // A redirect is not followed: it could lead to another, unchecked address.
      if (status < 200 || status > 299)
        throw new NotTaken(`It answered with status ${status}.`, { isForGood: status === 410 });
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error;
      const refused = error.cause instanceof Error && error.cause.name === 'AddressRefused';
      const message = refused ? 'It is not on a public address.' : 'It did not take it.';
      throw new NotTaken(error.outcome === 'deadline' ? 'It did not answer in time.' : message, {
        cause: error,
      });
    }
  }

  async function sendMail({ emails }: NotificationChannelRow, message: Message): Promise<void> {
    if (mail === null) throw new NotTaken('This installation sends no mails.');
    const [subject, text] = [subjectOf(message), textOf(message)];
    try {
      for (const [index, to] of emails.entries()) {
        const content = { to, subject, text, id: `${message.id}.${index}` };
        await mailGuard.run(() => mail.send(content), { repetition: 'unsafe' });
      }
    } catch (error) {
      throw new NotTaken('The mail server did not take it.', {
        isForGood: isRefusedForGood(error),
        cause: error,
      });
    }
  }

  return {
    async send(channel, message) {
      if (channel.kind === 'EMAIL') return sendMail(channel, message);
      const { url, signingSecret } = openSecrets(service, channel);
      if (channel.kind === 'SLACK') return post(url, slackBody(message));
      const at = new Date();
      const body = webhookBody(message, at);
      return post(url, body, {
        'webhook-id': message.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        ...(signingSecret && { 'webhook-signature': new Webhook(signingSecret).sign(message.id, at, body) }),
      });
    },
    close: () => mail?.close(),
  };
}
