// For tests only: what arthemiz' mails are looked through for.
import type { ReceivedMail } from '@supergraph/chassis/testing/mailbox';

export { type Mailbox, type ReceivedMail, startMailbox } from '@supergraph/chassis/testing/mailbox';

/** The link in a mail. */
export function linkIn({ text }: ReceivedMail): URL {
  const link = text.match(/https?:\S+/)?.[0];
  if (link === undefined) throw new Error('There is no link in this mail.');
  return new URL(link);
}
