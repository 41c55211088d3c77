import { useLanguage, useText } from '../language/language.ts';
import type { Freshness } from './rules.ts';

/** Whether what is shown is the present. Read aloud when that changes. */
export function Fresh({ freshness }: { freshness: Freshness }) {
  const { live: text } = useText();
  const language = useLanguage();
  const at = (ms: number) => new Date(ms).toLocaleTimeString(language);
  return (
    <p className="fresh" role="status" data-phase={freshness.phase}>
      {freshness.phase === 'stale' ? text.stale(at(freshness.sinceMs)) : text[freshness.phase]}
    </p>
  );
}
