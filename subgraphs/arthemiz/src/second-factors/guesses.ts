// Tells a person that somebody guesses at the codes of their authenticator app: whoever does so knows their password.
import type { Arthemiz } from '../context.ts';
import { forgottenPasswordPage, queueNotice } from '../mail/notices.ts';
import { noticeAfterFailures } from '../passwords/rules.ts';

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
  const { email } = person;
  const forgottenPage = forgottenPasswordPage(service);
  await service.transaction(() =>
    queueNotice(service, person, {
      kind: 'second-factor-guessed',
      say: (words) => words.secondFactorGuessed({ email, failures, isOver, ipAddress, forgottenPage }),
    }),
  );
}
