import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { AddSuppression } from './AddSuppression.tsx';
import { EndSuppressionDocument, SuppressionsPageDocument } from './suppressions.generated.ts';

export function SuppressionsPage() {
  const { suppressions: text } = useText();
  const canChange = useMay()('suppression:write');
  const written = useInstants();
  const [dialog, setDialog] = useState<ReactNode>(null);
  const close = () => setDialog(null);
  const question = useQuestion(SuppressionsPageDocument, { variables: {}, of: ['Suppression'] });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {canChange && (
          <Button kind="primary" onClick={() => setDialog(<AddSuppression onClose={close} />)}>
            {text.add}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ suppressions }) =>
          !suppressions || suppressions.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.rule, text.matches, text.reason, text.by, text.until, text.count, text.last]}
              hasActions={canChange}
            >
              {suppressions.map(
                ({ id, ruleId, rule, matches, reason, createdBy, until, hitCount, lastHitAt }) => (
                  <tr key={id}>
                    <th scope="row">
                      {rule ? <Link href={`/detection-rules/${ruleId}`}>{rule.title}</Link> : text.gone}
                    </th>
                    <td>
                      <code>{matches.map(({ field, value }) => `${field}=${value}`).join(', ')}</code>
                    </td>
                    <td>{reason}</td>
                    <td>{createdBy?.displayName ?? '–'}</td>
                    <td>{until ? written(until) : text.forever}</td>
                    <td>{hitCount}</td>
                    <td>{lastHitAt ? written(lastHitAt) : '–'}</td>
                    {canChange && (
                      <td>
                        <Button
                          label={`${text.end}: ${reason}`}
                          onClick={() =>
                            setDialog(
                              <ConfirmChange
                                document={EndSuppressionDocument}
                                input={{ id }}
                                title={`${text.end}: ${reason}`}
                                lead={text.endLead}
                                submit={text.end}
                                says={text.ended}
                                of={['Suppression']}
                                onClose={close}
                              />,
                            )
                          }
                        >
                          {text.end}
                        </Button>
                      </td>
                    )}
                  </tr>
                ),
              )}
            </Table>
          )
        }
      </Loaded>
      {dialog}
    </>
  );
}
