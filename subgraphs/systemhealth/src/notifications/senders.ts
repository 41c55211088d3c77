// One way of telling people a kind of channel.
import { addressGuard } from '@supergraph/chassis/addresses';
import { createMailTransport, isRefusedForGood } from '@supergraph/chassis/mail-transport';
import { OutgoingError } from '@supergraph/chassis/outgoing';
import { Webhook } from 'standardwebhooks';
import type { SystemHealth } from '../context.ts';
import type { NotificationChannelRow } from './channel-model.ts';
import { type Message, slackBody, subjectOf, textOf, webhookBody } from './message.ts';
import { openSecrets, secretsAt } from './secrets.ts';

/** The channel did not take it. The message is fit for tenants' eyes. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  /** Whether no later attempt can succeed. */
  readonly isForGood: boolean;
  /** Of several addresses those that have it. */
  readonly taken: readonly string[];

  constructor(
    message: string,
    {
      isForGood = false,
      taken = [],
      cause,
    }: { isForGood?: boolean; taken?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.isForGood = isForGood;
    this.taken = taken;
  }
}

export interface Senders {
  /**
   * Resolves when the channel has taken it, within `attemptMs`. Addresses in `taken` have it from an earlier attempt.
   * @throws NotTaken
   */
  send(channel: NotificationChannelRow, message: Message, taken: readonly string[]): Promise<void>;
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

  /** To all addresses at once, so that one attempt is one deadline however many they are. */
  async function sendMail(
    { emails }: NotificationChannelRow,
    message: Message,
    before: readonly string[],
  ): Promise<void> {
    if (mail === null) throw new NotTaken('This installation sends no mails.');
    const [subject, text] = [subjectOf(message), textOf(message)];
    const outcomes = await Promise.all(
      emails.map(async (to, index): Promise<{ to: string; error?: unknown }> => {
        if (before.includes(to)) return { to };
        const content = { to, subject, text, id: `${message.id}.${index}` };
        return mailGuard
          .run(() => mail.send(content), { repetition: 'unsafe' })
          .then(() => ({ to }))
          .catch((error: unknown) => ({ to, error }));
      }),
    );
    const failed = outcomes.filter(({ error }) => error !== undefined);
    if (failed.length === 0) return;
    const waiting = failed.filter(({ error }) => !isRefusedForGood(error));
    const of = emails.length > 1 ? ` for ${failed.length} of ${emails.length} addresses` : '';
    throw new NotTaken(`The mail server did not take it${of}.`, {
      isForGood: waiting.length === 0,
      taken: outcomes.filter(({ error }) => error === undefined).map(({ to }) => to),
      cause: (waiting[0] ?? failed[0])?.error,
    });
  }

  return {
    async send(channel, message, taken) {
      if (channel.kind === 'EMAIL') return sendMail(channel, message, taken);
      const { url, ...secrets } = openSecrets(service, channel);
      if (channel.kind === 'SLACK') return post(url, slackBody(message));
      const at = new Date();
      const body = webhookBody(message, at);
      // Standard Webhooks: one signature for each secret that is valid, apart by spaces.
      const signatures = secretsAt(secrets, at).map((secret) =>
        new Webhook(secret).sign(message.id, at, body),
      );
      return post(url, body, {
        'webhook-id': message.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
      });
    },
    close: () => mail?.close(),
  };
}
