import { Badge } from '../design/Badge.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import type { OperatedTenant } from './TenantOperationsPage.tsx';

/** When a tenant's data is erased, and how far that is. */
export function DeletionProgress({ deletion }: { deletion: NonNullable<OperatedTenant['deletion']> }) {
  const { operations: text } = useText();
  const written = useInstants();
  const { scheduledAt, eraseAt, begunAt, finishedAt, parts } = deletion;
  return (
    <Section title={text.deletion}>
      <section className="panel" aria-live="polite">
        <Facts>
          <Fact name={text.decided}>{written(scheduledAt)}</Fact>
          <Fact name={text.eraseAt}>{written(eraseAt)}</Fact>
          {begunAt && <Fact name={text.erasing}>{written(begunAt)}</Fact>}
          {finishedAt && <Fact name={text.erased}>{written(finishedAt)}</Fact>}
        </Facts>
      </section>
      {parts.length > 0 && (
        <Table caption={text.deletion} columns={[text.part, text.status, text.erasedDocuments]}>
          {parts.map(({ subgraph, isDone, erased, error }) => (
            <tr key={subgraph}>
              <th scope="row">{subgraph}</th>
              <td>
                <Badge tone={isDone ? 'good' : error ? 'bad' : 'neutral'}>
                  {isDone ? text.partDone : (error ?? text.partWaits)}
                </Badge>
              </td>
              <td>{erased}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
