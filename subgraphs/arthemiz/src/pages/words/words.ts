// The words of pages, in the language that the browser asks for (RFC 9110, 12.5.4); English where it asks for others.
import type { IncomingMessage } from 'node:http';
import accepts from 'accepts';
import { type Language, languages } from '../../people/languages.ts';
import { en } from './en.ts';
import { pt } from './pt.ts';

/** The same words in every language: one that lacks some does not compile. */
export type Words = typeof en;

const byLanguage: Readonly<Record<Language, Words>> = { en, pt };

/** @param chosen The language that a person chose who is known; null where their browser says */
export function wordsFor(request: IncomingMessage, chosen: Language | null = null): Words {
  const asked = languages.find((language) => language === accepts(request).languages([...languages]));
  return byLanguage[chosen ?? asked ?? 'en'];
}
