import { Table } from '../design/Table.tsx';
import { useInstants, useLanguage, useText } from '../language/language.ts';
import { type Chart, extentOf, latestOf, mostLines, partsOf, shortly } from './rules.ts';

const size = { width: 590, height: 120 };
/** So many steps stand in the table, the newest of them. */
const mostRows = 30;

/** A metric's series over time: lines, what they are called, and the same as a table. */
export function MetricChart({ title, chart }: { title: string; chart: Chart }) {
  const { metrics: text } = useText();
  const language = useLanguage();
  const extent = extentOf(chart.series);
  if (extent === null) return <p className="quiet">{text.noSamples}</p>;
  const lines = chart.series.slice(0, mostLines);
  const short = (value: number | null | undefined) => shortly(value, language);
  const latest = lines.map((each) => `${each.name}: ${short(latestOf(each))}`).join('; ');
  return (
    <figure className="chart metric">
      <svg
        viewBox={`-4 -4 ${size.width + 8} ${size.height + 8}`}
        role="img"
        aria-label={text.said({ title, latest, greatest: short(extent.greatest) })}
      >
        {lines.map(({ id, values }, index) => (
          <g key={id} data-line={index}>
            {partsOf(values, { ...size, extent }).map((part) => {
              const [first] = part;
              return part.length === 1 ? (
                <circle key={first?.x} cx={first?.x} cy={first?.y} r="2" />
              ) : (
                <polyline key={first?.x} points={part.map(({ x, y }) => `${x},${y}`).join(' ')} />
              );
            })}
          </g>
        ))}
      </svg>
      <figcaption>
        <span>{text.upTo(short(extent.greatest))}</span>
        <ul className="legend">
          {lines.map((each, index) => (
            <li key={each.id} data-line={index}>
              {each.name}: <strong>{short(latestOf(each))}</strong>
            </li>
          ))}
        </ul>
        {chart.matched > lines.length && <p>{text.more(lines.length, chart.matched)}</p>}
      </figcaption>
      <details>
        <summary>{text.asTable}</summary>
        <Steps title={title} chart={{ ...chart, series: lines }} />
      </details>
    </figure>
  );
}

function Steps({ title, chart: { from, stepMs, series } }: { title: string; chart: Chart }) {
  const { metrics: text } = useText();
  const language = useLanguage();
  const written = useInstants();
  const length = Math.max(...series.map(({ values }) => values.length));
  const indexes = Array.from({ length }, (_, index) => length - 1 - index).slice(0, mostRows);
  return (
    <Table caption={text.table(title)} columns={[text.at, ...series.map(({ name }) => name)]}>
      {indexes.map((index) => {
        const at = new Date(from + index * stepMs).toISOString();
        return (
          <tr key={at}>
            <th scope="row">{written(at)}</th>
            {series.map(({ id, values }) => (
              <td key={id}>{shortly(values[index], language)}</td>
            ))}
          </tr>
        );
      })}
    </Table>
  );
}
