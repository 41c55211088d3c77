import type { Arthemiz } from '../context.ts';
import { doAtHome } from '../home-tasks/doing.ts';
import { sealedMail } from '../mail/queueing.ts';
import { inline } from '../mail/rules.ts';
import { mailWords } from '../mail/words/words.ts';
import type { Language } from '../people/languages.ts';

export interface InvitationMail {
  email: string;
  secret: string;
  expiresAt: Date;
  tenantName: string;
  /** Null where a program invited. */
  inviterName: string | null;
  /** Null where nobody knows it. */
  language: Language | null;
}

/** Stored with the running transaction of the tenant in scope. */
export async function mailInvitation(
  service: Arthemiz,
  { email, secret, expiresAt, tenantName, inviterName, language }: InvitationMail,
): Promise<void> {
  const said = mailWords(language).invitation({
    tenant: inline(tenantName),
    inviter: inviterName === null ? null : inline(inviterName),
    link: `${service.config.ISSUER}/invitation?${new URLSearchParams({ link: secret })}`,
    expiresAt,
  });
  const mail = sealedMail(service, { kind: 'invitation', to: email, ...said, expiresAt });
  if (mail !== null) await doAtHome(service, 'store-mail', mail);
}
