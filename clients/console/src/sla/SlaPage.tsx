import { useId } from 'react';
import { useSearchParams } from 'wouter';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useLanguage, useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { saveText } from '../platform/save-text.ts';
import { percent } from '../slos/rules.ts';
import { csvOf, isMonth, lastMonth } from './rules.ts';
import { SlaPageDocument, type SlaPageQuery } from './sla.generated.ts';

type Report = NonNullable<SlaPageQuery['slaReport']>;

/** What was promised for a month; which one is in the address, so that it can be handed on. */
export function SlaPage() {
  const { sla: text } = useText();
  const [search, setSearch] = useSearchParams();
  const asked = search.get('month');
  const month = isMonth(asked) ? asked : lastMonth(new Date());
  const id = useId();
  const question = useQuestion(SlaPageDocument, { variables: { month }, of: ['SlaReport'] });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <div className="filters">
        <div className="field">
          <label htmlFor={id}>{text.month}</label>
          <input
            id={id}
            type="month"
            value={month}
            onChange={({ target }) => isMonth(target.value) && setSearch({ month: target.value })}
          />
        </div>
      </div>
      <Loaded question={question}>
        {({ slaReport }) =>
          slaReport === null ? <EmptyState>{text.none}</EmptyState> : <WholeReport report={slaReport} />
        }
      </Loaded>
    </>
  );
}

function WholeReport({ report }: { report: Report }) {
  const { sla: text } = useText();
  const written = useInstants();
  const { month, isFinal, uptime, creditBasisPoints, grantedAt, parts } = report;
  const columns = [text.part, text.uptime, text.bad, text.known];
  const save = () =>
    saveText({
      text: csvOf([
        columns,
        ...parts.map(({ name, uptime, badMinutes, knownMinutes }) => [
          ...[name, uptime, badMinutes, knownMinutes],
        ]),
      ]),
      type: 'text/csv',
      fileName: `sla-${month}.csv`,
    });
  return (
    <>
      <div className="actions">
        <Button onClick={save}>{text.save}</Button>
        <Button onClick={() => window.print()}>{text.print}</Button>
      </div>
      <section className="panel" aria-label={text.facts}>
        <Facts>
          <Fact name={text.month}>{useMonth(month)}</Fact>
          <Fact name={text.state}>{isFinal ? text.isFinal : text.isOpen}</Fact>
          <Fact name={text.uptime}>{percent(uptime, 3)}</Fact>
          <Fact name={text.credit}>
            {creditBasisPoints === 0 ? text.noCredit : text.creditOf(percent(creditBasisPoints / 10_000))}
          </Fact>
          <Fact name={text.granted}>{grantedAt && written(grantedAt)}</Fact>
        </Facts>
      </section>
      <Table caption={text.caption} columns={columns}>
        {parts.map(({ sloId, name, uptime, badMinutes, knownMinutes }) => (
          <tr key={sloId}>
            <th scope="row">{name}</th>
            <td>{percent(uptime, 3)}</td>
            <td>{badMinutes}</td>
            <td>{knownMinutes}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}

/** In words, as a month in UTC. */
function useMonth(month: string): string {
  const language = useLanguage();
  const format = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString(language, format);
}
