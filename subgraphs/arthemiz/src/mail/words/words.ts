// What mails say, in the language of their reader.
import type { Language } from '../../people/languages.ts';
import { en } from './en.ts';
import { pt } from './pt.ts';

/** The same mails in every language: one that lacks some does not compile. */
export type MailWords = typeof en;

const byLanguage: Readonly<Record<Language, MailWords>> = { en, pt };

/** English for whom nobody knows the language of. */
export function mailWords(language: Language | null): MailWords {
  return byLanguage[language ?? 'en'];
}
