// Tells a person that somebody guesses at the codes of their authenticator app: whoever does so knows their password.
import type { Arthemiz } from '../context.ts';
import { queueMail } from '../mail/queueing.ts';
import { mailWords } from '../mail/words/words.ts';
import { noticeAfterFailures } from '../passwords/rules.ts';
import { knownLanguage } from '../people/languages.ts';

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
  const facts = { email: person.email, failures, isOver, ipAddress };
  const forgottenPage = `${service.config.ISSUER}/password/forgotten`;
  const words = mailWords(knownLanguage(person));
  await service.transaction(() =>
    queueMail(service, {
      ...{ kind: 'second-factor-guessed', to: person.email },
      ...words.secondFactorGuessed({ ...facts, forgottenPage }),
      expiresAt: new Date(Date.now() + noticeMs),
    }),
  );
}
