import { type ReactNode, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { TextArea } from '../design/Field.tsx';
import { Form, linesOf } from '../design/Form.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import {
  CreateInhibitionDocument,
  DeleteInhibitionDocument,
  InhibitionsDocument,
} from './quiet.generated.ts';
import { formulaOf, matchersOf } from './rules.ts';

export function Inhibitions() {
  const { inhibitions: text } = useText().quiet;
  const canChange = useMay()('alert-rule:write');
  const [dialog, setDialog] = useState<ReactNode>(null);
  const close = () => setDialog(null);
  const question = useQuestion(InhibitionsDocument, { variables: {}, of: ['Inhibition'] });
  return (
    <Section
      title={text.title}
      lead={text.lead}
      actions={
        canChange && <Button onClick={() => setDialog(<AddInhibition onClose={close} />)}>{text.add}</Button>
      }
    >
      <Loaded question={question}>
        {({ inhibitions }) =>
          !inhibitions || inhibitions.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.source, text.target, text.equal]}
              hasActions={canChange}
            >
              {inhibitions.map(({ id, sourceMatchers, targetMatchers, equalLabels }) => (
                <tr key={id}>
                  <th scope="row">
                    <code>{formulaOf(sourceMatchers)}</code>
                  </th>
                  <td>
                    <code>{formulaOf(targetMatchers)}</code>
                  </td>
                  <td>{equalLabels.join(', ') || '–'}</td>
                  {canChange && (
                    <td>
                      <Button
                        kind="danger"
                        label={`${text.remove}: ${formulaOf(sourceMatchers)}`}
                        onClick={() =>
                          setDialog(
                            <ConfirmChange
                              document={DeleteInhibitionDocument}
                              input={{ id }}
                              title={`${text.remove}: ${formulaOf(sourceMatchers)}`}
                              lead={text.removeLead}
                              submit={text.remove}
                              says={text.removed}
                              of={['Inhibition']}
                              onClose={close}
                            />,
                          )
                        }
                      >
                        {text.remove}
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {dialog}
    </Section>
  );
}

function AddInhibition({ onClose }: { onClose: () => void }) {
  const { inhibitions: text } = useText().quiet;
  const form = useChangeForm(CreateInhibitionDocument, {
    input: (values) => ({
      // The browser sends nothing while either is none.
      sourceMatchers: matchersOf(linesOf(values, 'source')) ?? [],
      targetMatchers: matchersOf(linesOf(values, 'target')) ?? [],
      equalLabels: linesOf(values, 'equal'),
    }),
    says: () => text.added,
    onDone: onClose,
    of: ['Inhibition'],
  });
  const faultOf = (value: string) =>
    matchersOf(value.split('\n').filter((line) => line.trim() !== '')) ? undefined : text.matchersFault;
  const field = { required: true, isCode: true, hint: text.matchersHint, faultOf };
  return (
    <Dialog title={text.add} onClose={onClose}>
      <Form {...form} submit={text.add} onCancel={onClose}>
        <TextArea label={text.source} name="source" {...field} />
        <TextArea label={text.target} name="target" {...field} />
        <TextArea label={text.equal} name="equal" hint={text.equalHint} rows={2} />
      </Form>
    </Dialog>
  );
}
