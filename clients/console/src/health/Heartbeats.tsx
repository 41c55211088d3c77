import { useInstants, useText } from '../language/language.ts';
import type { RunFragment } from './service.generated.ts';

/** A bar a run, oldest first: whether the target answered as it should. */
export function Heartbeats({ runs }: { runs: readonly RunFragment[] }) {
  const { health: text } = useText();
  const written = useInstants();
  const good = runs.filter(({ isSuccess }) => isSuccess).length;
  return (
    <div className="heartbeats" role="img" aria-label={text.heartbeats(good, runs.length)}>
      {runs.map(({ observedAt, isSuccess, message }) => (
        <span
          key={observedAt}
          data-tone={isSuccess ? 'good' : 'bad'}
          title={`${written(observedAt)}${message ? `: ${message}` : ''}`}
        />
      ))}
    </div>
  );
}
