// Tells a person that somebody guesses at the codes of their authenticator app: whoever does so knows their password.
import type { Arthemiz } from '../context.ts';
import { queueMail } from '../mail/queueing.ts';
import { noticeAfterFailures } from '../passwords/rules.ts';

/** For how long it is worth telling them. */
const noticeMs = 3 * 86_400_000;

export interface Guesses {
  personId: string;
  ipAddress: string | null;
  /** How many codes in a row were wrong. */
  failures: number;
}

/** Mails them at some numbers of wrong codes, so that a guesser fills nobody's mailbox. */
export async function noticeGuesses(
  service: Arthemiz,
  { personId, ipAddress, failures }: Guesses,
): Promise<void> {
  if (!noticeAfterFailures.includes(failures)) return;
  const person = await service.models.Person.findOne({ _id: personId }).lean();
  if (person === null) return;
  const isOver = failures === noticeAfterFailures.at(-1);
  const from = ipAddress === null ? '' : `, the last from the address ${ipAddress}`;
  const over = `
Codes of your authenticator app are not taken any more until you choose a new password by the link above. Until then a passkey or a recovery code lets you in.
`;
  await service.transaction(() =>
    queueMail(service, {
      kind: 'second-factor-guessed',
      to: person.email,
      subject: 'Somebody may know your password',
      text: `At the sign-in to your account ${person.email}, ${failures} wrong codes of your authenticator app were entered after the right password${from}.

If that was not you, somebody knows your password: choose a new one at ${service.config.ISSUER}/password/forgotten
${isOver ? over : ''}`,
      expiresAt: new Date(Date.now() + noticeMs),
    }),
  );
}
