import { useMemo } from 'react';
import { useText } from '../language/language.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { MetricChart } from './MetricChart.tsx';
import { HitRatioDocument, HitRatioSamplesDocument } from './metrics.generated.ts';
import { chartOf, hitRatioOf, ranges } from './rules.ts';

const { rangeMs } = ranges.hour;
/** Longer than from run to run of most checks: the rate of a step takes two samples. */
const stepMs = 120_000;
/** A rate takes what was before: it is asked for again, however often caches are looked at. */
const againMs = 5_000;

/** How much of what they were asked for caches had, in the last hour. */
export function HitRatioChart() {
  const { metrics: text } = useText();
  const from = useMemo(() => new Date(Date.now() - rangeMs).toISOString(), []);
  const view = useLive({
    present: HitRatioDocument,
    asked: { from, stepMs },
    changes: HitRatioSamplesDocument,
    followed: {},
    state: ([page]) => hitRatioOf(chartOf(page?.hits), chartOf(page?.misses)),
    apply: null,
    againMs,
  });
  return (
    <Live view={view}>
      {(chart) =>
        chart === null ? (
          <p className="quiet">{text.noSamples}</p>
        ) : (
          <MetricChart title={text.hitRatio} chart={chart} />
        )
      }
    </Live>
  );
}
