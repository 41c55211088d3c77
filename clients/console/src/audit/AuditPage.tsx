import { useSearchParams } from 'wouter';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { TextField } from '../design/Field.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { AuditTrailDocument, type AuditTrailQuery } from './audit.generated.ts';

type RecordOfTrail = NonNullable<AuditTrailQuery['auditRecords']>['nodes'][number];

const parts = ['actorId', 'subjectId', 'action'] as const;

/** Who did what to whom. What is looked for is in the address, so that it can be handed on. */
export function AuditPage() {
  const { audit: text } = useText();
  const [search, setSearch] = useSearchParams();
  const asked = search.toString();
  const look = (values: FormData) => {
    const given = parts.map((part) => [part, String(values.get(part) ?? '').trim()] as const);
    setSearch(Object.fromEntries(given.filter(([, value]) => value !== '')));
  };
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <search>
        <form key={asked} className="filters" action={look}>
          {parts.map((part) => (
            <TextField
              key={part}
              label={text.parts[part]}
              name={part}
              maxLength={200}
              defaultValue={search.get(part) ?? ''}
            />
          ))}
          <Button type="submit">{text.look}</Button>
        </form>
      </search>
      <Trail key={asked} filter={Object.fromEntries(parts.map((part) => [part, search.get(part)]))} />
    </>
  );
}

/** Begins at its first page whenever something else is looked for. */
function Trail({ filter }: { filter: Record<string, string | null> }) {
  const { audit: text } = useText();
  const pages = usePages();
  const question = useQuestion(AuditTrailDocument, {
    variables: { after: pages.after, filter },
    of: ['AuditRecord'],
  });
  return (
    <Loaded question={question}>
      {({ auditRecords }) =>
        !auditRecords || auditRecords.nodes.length === 0 ? (
          <EmptyState>{text.none}</EmptyState>
        ) : (
          <>
            <Table
              caption={text.caption}
              columns={[
                text.number,
                text.at,
                text.parts.action,
                text.parts.actorId,
                text.parts.subjectId,
                text.details,
              ]}
            >
              {auditRecords.nodes.map((record) => (
                <AuditRow key={record.id} record={record} />
              ))}
            </Table>
            <Pager pages={pages} pageInfo={auditRecords.pageInfo} />
          </>
        )
      }
    </Loaded>
  );
}

function AuditRow({ record }: { record: RecordOfTrail }) {
  const { audit: text } = useText();
  const written = useInstants();
  const { sequence, occurredAt, action, actorId, subjectId, details, hash } = record;
  return (
    <tr>
      <th scope="row">{sequence}</th>
      <td>{written(occurredAt)}</td>
      <td>
        <code>{action}</code>
      </td>
      <td>{actorId ? <code>{actorId}</code> : '–'}</td>
      <td>{subjectId ? <code>{subjectId}</code> : '–'}</td>
      <td>
        <details>
          <summary>{text.details}</summary>
          <p>
            <code>{details}</code>
          </p>
          <p className="quiet">
            SHA-256 <code>{hash}</code>
          </p>
        </details>
      </td>
    </tr>
  );
}
