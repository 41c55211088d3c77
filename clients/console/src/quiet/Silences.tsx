import { type ReactNode, useState } from 'react';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { EndSilenceDocument, SilencesDocument } from './quiet.generated.ts';
import { formulaOf, phaseOf } from './rules.ts';

export function Silences() {
  const { silences: text, ...shared } = useText().quiet;
  const canChange = useMay()('silence:write');
  const written = useInstants();
  const pages = usePages();
  const [dialog, setDialog] = useState<ReactNode>(null);
  const close = () => setDialog(null);
  const question = useQuestion(SilencesDocument, { variables: { after: pages.after }, of: ['Silence'] });
  return (
    <Section title={text.title} lead={text.lead}>
      <Loaded question={question}>
        {({ silences }) =>
          !silences || silences.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              <Table
                caption={text.caption}
                columns={[text.matchers, shared.phase, text.comment, shared.starts, shared.ends]}
                hasActions={canChange}
              >
                {silences.nodes.map((silence) => {
                  const { id, matchers, comment, startsAt, endsAt } = silence;
                  const phase = phaseOf(silence, Date.now());
                  return (
                    <tr key={id}>
                      <th scope="row">
                        <code>{formulaOf(matchers)}</code>
                      </th>
                      <td>
                        <Badge tone={phase === 'now' ? 'warn' : 'neutral'}>{shared.phases[phase]}</Badge>
                      </td>
                      <td>{comment}</td>
                      <td>{written(startsAt)}</td>
                      <td>{written(endsAt)}</td>
                      {canChange && (
                        <td>
                          {phase !== 'over' && (
                            <Button
                              label={`${text.end}: ${comment}`}
                              onClick={() =>
                                setDialog(
                                  <ConfirmChange
                                    document={EndSilenceDocument}
                                    input={{ id }}
                                    title={`${text.end}: ${comment}`}
                                    lead={text.endLead}
                                    submit={text.end}
                                    says={text.ended}
                                    of={['Silence', 'Alert']}
                                    onClose={close}
                                  />,
                                )
                              }
                            >
                              {text.end}
                            </Button>
                          )}
                        </td>
                      )}
                    </tr>
                  );
                })}
              </Table>
              <Pager pages={pages} pageInfo={silences.pageInfo} />
            </>
          )
        }
      </Loaded>
      {dialog}
    </Section>
  );
}
