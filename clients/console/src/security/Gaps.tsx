import { useQuery } from 'urql';
import { Notice } from '../design/Notice.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { SecurityGapsDocument } from './feed.generated.ts';

/** What is not in the feed although it happened; nothing where all is. */
export function Gaps() {
  const { security: text } = useText();
  const written = useInstants();
  const [{ data }] = useQuery({ query: SecurityGapsDocument });
  const gaps = data?.eventGaps?.nodes ?? [];
  if (gaps.length === 0) return null;
  return (
    <Notice tone="warn">
      <p>{text.gaps}</p>
      <ul>
        {gaps.map(({ source, reason, from, until, count }) => (
          <li key={`${source} ${reason} ${from}`}>
            {text.gap({ from: written(from), until: written(until), count })},{' '}
            {wordFor(text.gapReasons, reason)} ({source})
          </li>
        ))}
      </ul>
    </Notice>
  );
}
