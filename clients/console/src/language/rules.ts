export const languages = ['en', 'pt'] as const;
export type Language = (typeof languages)[number];

/** The first language that the person prefers and that there is (RFC 4647, lookup by primary subtag); else English. */
export function preferredLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-')[0];
    const known = languages.find((language) => language === primary);
    if (known) return known;
  }
  return 'en';
}

/** The word for a value of the platform; the value itself where a newer platform has one that is not known here. */
export function wordFor(words: Readonly<Record<string, string>>, value: string): string {
  return words[value] ?? value;
}
