// Mails that tell a person what became of their account, in their language.
import type { Arthemiz } from '../context.ts';
import { knownLanguage } from '../people/languages.ts';
import type { PersonRow } from '../people/model.ts';
import { type Mail, queueMail } from './queueing.ts';
import type { Said } from './words/en.ts';
import { type MailWords, mailWords } from './words/words.ts';

/** For how long it is worth telling them. */
const noticeMs = 3 * 86_400_000;

/** `say` is given the words of the person's language and the moment of the notice. */
export function queueNotice(
  service: Arthemiz,
  person: PersonRow,
  { kind, say }: { kind: Mail['kind']; say: (words: MailWords, at: Date) => Said },
): Promise<void> {
  const at = new Date();
  return queueMail(service, {
    ...{ kind, to: person.email },
    ...say(mailWords(knownLanguage(person)), at),
    expiresAt: new Date(at.getTime() + noticeMs),
  });
}

/** Where one asks for a link to choose a new password. */
export function forgottenPasswordPage({ config }: Pick<Arthemiz, 'config'>): string {
  return `${config.ISSUER}/password/forgotten`;
}
