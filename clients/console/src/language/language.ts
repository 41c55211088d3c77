// The person's language: as they chose it here, else the browser's, else English.
import { useSyncExternalStore } from 'react';
import { remembered } from '../remembered.ts';
import type { Catalogue } from './catalogue.ts';
import { en } from './en.ts';
import { pt } from './pt.ts';
import { type Language, languages, preferredLanguage } from './rules.ts';

const catalogues: Record<Language, Catalogue> = { en, pt };
/** As HTML and Intl name them. */
const tags: Record<Language, string> = { en: 'en', pt: 'pt-BR' };

const chosen = remembered<Language>('console.language', languages);

export const chooseLanguage = chosen.set;

function currentLanguage(): Language {
  return chosen.get() ?? preferredLanguage(navigator.languages);
}

/** Keeps the document's language true, for screen readers and hyphenation. */
export function applyLanguage(): void {
  const apply = () => {
    document.documentElement.lang = tags[currentLanguage()];
  };
  apply();
  chosen.watch(apply);
}

export function useLanguage(): Language {
  return useSyncExternalStore(chosen.watch, currentLanguage);
}

/** All words of the page. */
export function useText(): Catalogue {
  return catalogues[useLanguage()];
}

/** How instants are written: in the person's language and time zone. */
export function useInstants(): (instant: string) => string {
  const format = new Intl.DateTimeFormat(tags[useLanguage()], { dateStyle: 'medium', timeStyle: 'short' });
  return (instant) => format.format(new Date(instant));
}
