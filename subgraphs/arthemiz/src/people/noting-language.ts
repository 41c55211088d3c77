import type { Arthemiz } from '../context.ts';
import type { Language } from './languages.ts';
import type { PersonRow } from './model.ts';

/** Remembers in which language pages speak to somebody, for the mails that they get. */
export async function noteLanguage(
  { models }: Arthemiz,
  { person, language }: { person: PersonRow; language: Language },
): Promise<void> {
  if (person.pagesLanguage === language) return;
  await models.Person.updateOne({ _id: person._id }, { $set: { pagesLanguage: language } });
}
