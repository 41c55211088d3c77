import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Notice } from '../design/Notice.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { AccessMapPageDocument } from './access-map.generated.ts';

/** How often it asks again: it is a sum over a day. */
const everyMs = 15_000;

export function AccessMapPage() {
  const { accessMap: text } = useText();
  const written = useInstants();
  const question = useQuestion(AccessMapPageDocument, {
    variables: {},
    of: ['SecurityEvent'],
    everyMs: () => everyMs,
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Loaded question={question}>
        {({ accessMap: map }) =>
          !map || map.rows.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              {map.isPartial && (
                <Notice tone="warn">
                  <p>{text.partial}</p>
                </Notice>
              )}
              <Table
                caption={text.caption}
                columns={[text.who, text.what, text.count, text.denied, text.from, text.last]}
              >
                {map.rows.map(({ principal, person, what, count, deniedCount, addresses, lastAt }) => (
                  <tr key={`${principal} ${what}`}>
                    <th scope="row">{person?.displayName ?? principal}</th>
                    <td>
                      <code>{what}</code>
                    </td>
                    <td>{count}</td>
                    <td>{deniedCount}</td>
                    <td>{addresses.join(', ') || '–'}</td>
                    <td>{written(lastAt)}</td>
                  </tr>
                ))}
              </Table>
            </>
          )
        }
      </Loaded>
    </>
  );
}
