import { useText } from '../language/language.ts';
import { latencyQuantile, pointsOf } from './rules.ts';
import type { RunFragment } from './service.generated.ts';

const size = { width: 590, height: 80 };

/** How long runs took, oldest at the left; failed ones are marked. */
export function LatencyChart({ runs }: { runs: readonly RunFragment[] }) {
  const { health: text } = useText();
  const points = pointsOf(runs, size);
  const facts = {
    last: runs.at(-1)?.latencyMs ?? null,
    p50: latencyQuantile(runs, 0.5),
    p95: latencyQuantile(runs, 0.95),
  };
  const said = text.latency({ last: inMs(facts.last), p50: inMs(facts.p50), p95: inMs(facts.p95) });
  return (
    <figure className="chart">
      <svg viewBox={`-4 -4 ${size.width + 8} ${size.height + 8}`} role="img" aria-label={said}>
        <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
        {points
          .filter(({ run }) => !run.isSuccess)
          .map(({ x, y, run }) => (
            <circle key={run.observedAt} cx={x} cy={y} r="4" />
          ))}
      </svg>
      <figcaption>{said}</figcaption>
    </figure>
  );
}

function inMs(value: number | null): string {
  return value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
