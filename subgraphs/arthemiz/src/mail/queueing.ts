// Decides that a mail is to be sent. Inside of a transaction it is stored with the change that it tells of, so that
// neither is there without the other; delivery.ts sends it.
import { newId } from '@supergraph/chassis/identifiers';
import { seal, unseal } from '@supergraph/chassis/sealing';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';

const mailContent = z.object({ to: z.string(), subject: z.string(), text: z.string() });

export type MailContent = z.infer<typeof mailContent>;

export interface Mail extends MailContent {
  /** What it is about, for logs and metrics. */
  kind:
    | 'invitation'
    | 'password-reset'
    | 'password-changed'
    | 'second-factor-guessed'
    | 'email-confirmation'
    | 'email-taken'
    | 'email-change-asked'
    | 'email-changed'
    | 'account-deleted';
  /** When nobody needs it any more. */
  expiresAt: Date;
}

/** Whether mails leave this installation at all. */
export function canSendMail({ config }: Arthemiz): boolean {
  return config.SMTP_URL !== undefined;
}

export async function queueMail(service: Arthemiz, mail: Mail): Promise<void> {
  const sealed = sealedMail(service, mail);
  if (sealed !== null) await service.models.Mail.create([{ ...sealed, dueAt: new Date(), attempts: 0 }]);
}

/** As it is stored. Without a mail server it is dropped, because nobody would ever send it: null. */
export function sealedMail(service: Arthemiz, { kind, expiresAt, ...content }: Mail) {
  if (!canSendMail(service)) {
    service.logger.warn({ kind }, 'a mail was dropped: SMTP_URL is not set');
    return null;
  }
  const _id = newId('mai');
  return { _id, kind, expiresAt, sealed: seal(JSON.stringify(content), sealing(service, _id)) };
}

export function openMail(service: Arthemiz, { _id, sealed }: { _id: string; sealed: string }): MailContent {
  return mailContent.parse(JSON.parse(unseal(sealed, sealing(service, _id))));
}

function sealing({ config }: Arthemiz, mailId: string) {
  return { encryptionKey: config.KEY_ENCRYPTION_KEY, belongsTo: `mail:${mailId}` };
}
