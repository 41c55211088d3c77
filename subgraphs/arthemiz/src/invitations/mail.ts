import type { Arthemiz } from '../context.ts';
import { queueMail } from '../mail/queueing.ts';
import { inline } from '../mail/rules.ts';

export interface InvitationMail {
  email: string;
  secret: string;
  expiresAt: Date;
  tenantName: string;
  /** Null where a program invited. */
  inviterName: string | null;
}

/** Stored in the running transaction. */
export function mailInvitation(
  service: Arthemiz,
  { email, secret, expiresAt, tenantName, inviterName }: InvitationMail,
): Promise<void> {
  const tenant = inline(tenantName);
  const text = `${inviterName === null ? 'You are invited' : `${inline(inviterName)} invites you`} to join ${tenant}.

To accept, open this link:

${invitationUrl(service, secret)}

It works once, until ${expiresAt.toUTCString()}. If you don't expect this, ignore this mail: nothing happens without you.
`;
  return queueMail(service, {
    kind: 'invitation',
    to: email,
    subject: `Join ${tenant}`,
    text,
    expiresAt,
  });
}

function invitationUrl({ config }: Arthemiz, secret: string): string {
  return `${config.ISSUER}/invitation?${new URLSearchParams({ link: secret })}`;
}
