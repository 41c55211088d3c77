import { Section } from '../design/Section.tsx';
import { useText } from '../language/language.ts';
import { barsOf, percent } from './rules.ts';

const size = { width: 600, height: 80 };

export interface BudgetChartProps {
  days: readonly { day: string; good: number; total: number }[];
  target: number;
  /** What the present period's budget is a share of. */
  total: number;
}

/** How much of the budget each of the last days used up; days of which nothing is known have no bar. */
export function BudgetChart({ days, target, total }: BudgetChartProps) {
  const { slos: text } = useText();
  const bars = barsOf(days, { target, total });
  const worst = bars.reduce((most, { used }) => Math.max(most, used), 0);
  const width = size.width / 30;
  const said = text.chart(bars.length, percent(worst, 1));
  return (
    <Section title={text.byDay}>
      <figure className="chart">
        <svg
          viewBox={`0 0 ${size.width} ${size.height}`}
          role="img"
          aria-label={said}
          preserveAspectRatio="none"
        >
          {bars.map(({ day, used }, index) => {
            const height = Math.max(2, (used / Math.max(worst, 0.01)) * size.height);
            const x = size.width - (bars.length - index) * width;
            return (
              <rect
                key={day}
                className={used > 0 ? 'bad' : 'good'}
                {...{ x, y: size.height - height, width: width - 2, height }}
              />
            );
          })}
        </svg>
        <figcaption>{said}</figcaption>
      </figure>
    </Section>
  );
}
