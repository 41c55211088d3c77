// The languages in which pages and mails speak to people.
import type { PersonRow } from './model.ts';

export const languages = ['en', 'pt'] as const;

export type Language = (typeof languages)[number];

/** The language that a person chose, or else the one in which pages spoke to them last; null while neither is known. */
export function knownLanguage(person: Pick<PersonRow, 'language' | 'pagesLanguage'> | null): Language | null {
  return person?.language ?? person?.pagesLanguage ?? null;
}
