import { useId, useSyncExternalStore } from 'react';
import { chosenScheme, schemes } from '../design/scheme.ts';
import { chooseLanguage, useLanguage, useText } from '../language/language.ts';
import { type Language, languages } from '../language/rules.ts';

/** Each in its own words, for who does not read the other. */
const names: Record<Language, string> = { en: 'English', pt: 'Português' };

/** Language and colours, remembered by this browser. */
export function Preferences() {
  const text = useText();
  const id = useId();
  const language = useLanguage();
  const scheme = useSyncExternalStore(chosenScheme.watch, chosenScheme.get);
  return (
    <div className="actions switch">
      <label className="visually-hidden" htmlFor={`${id}-language`}>
        {text.shell.language}
      </label>
      <select
        id={`${id}-language`}
        value={language}
        onChange={({ target }) => chooseLanguage(languages.find((each) => each === target.value) ?? null)}
      >
        {languages.map((each) => (
          <option key={each} value={each}>
            {names[each]}
          </option>
        ))}
      </select>
      <label className="visually-hidden" htmlFor={`${id}-scheme`}>
        {text.shell.scheme}
      </label>
      <select
        id={`${id}-scheme`}
        value={scheme ?? 'system'}
        onChange={({ target }) => chosenScheme.set(schemes.find((each) => each === target.value) ?? null)}
      >
        {(['system', ...schemes] as const).map((each) => (
          <option key={each} value={each}>
            {text.shell.schemes[each]}
          </option>
        ))}
      </select>
    </div>
  );
}
